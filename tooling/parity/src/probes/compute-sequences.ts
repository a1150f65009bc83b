import { type AskOptions, type Scenario, scenario, statusIn } from '../scenario.ts'
import { badServers } from './compute-bad-servers.ts'
import { serverLife } from './compute-server-life.ts'
import { serverVolumes } from './compute-server-volumes.ts'
import { gone, places } from './server-stage.ts'

const keys = scenario('compute', 'keys and groups', async (stage) => {
  const { ask, prefix, quiet } = stage
  const key = (name: string, keypair: unknown, options: AskOptions = {}) =>
    ask(name, 'POST /os-keypairs', { body: { keypair }, ...options })
  const name = `${prefix}-key`
  stage.later(() => quiet(`DELETE /os-keypairs/${name}`))
  await ask('list by shape', 'GET /os-keypairs', { list: 'shape' })
  await key('generate', { name })
  await key('generate again', { name })
  await key('nameless', {})
  await key('odd name', { name: 'a/b' })
  await key('no public key', { name: `${name}-2`, public_key: 'nope' })
  await key('type before 2.2', { name: `${name}-2`, type: 'x509' })
  await ask('show', `GET /os-keypairs/${name}`)
  await ask('show with 2.2', `GET /os-keypairs/${name}`, { version: '2.2' })
  await ask('show as another', `GET /os-keypairs/${name}`, { as: 'other' })
  await ask('delete', `DELETE /os-keypairs/${name}`)
  await ask('deleted', `GET /os-keypairs/${name}`)
  const group = (label: string, server_group: unknown, options: AskOptions = {}) =>
    ask(label, 'POST /os-server-groups', { body: { server_group }, ...options })
  await group('no policy', { name: `${prefix}-g` })
  await group('unknown policy', { name: `${prefix}-g`, policies: ['nope'] })
  await group('two policies', { name: `${prefix}-g`, policies: ['affinity', 'anti-affinity'] })
  await group('policy before 2.64', { name: `${prefix}-g`, policy: 'affinity' })
  const made = await group('create', { name: `${prefix}-g`, policies: ['anti-affinity'] })
  const path = `/os-server-groups/${made.at('server_group', 'id')}`
  stage.later(() => quiet(`DELETE ${path}`))
  await ask('group', `GET ${path}`)
  await ask('group with 2.64', `GET ${path}`, { version: '2.64' })
  await ask('group as another', `GET ${path}`, { as: 'other' })
  await ask('delete group', `DELETE ${path}`)
  await ask('delete group again', `DELETE ${path}`)
  const soft = await group(
    'soft policy, 2.15',
    { name: `${prefix}-s`, policies: ['soft-anti-affinity'] },
    { version: '2.15' },
  )
  stage.later(() => quiet(`DELETE /os-server-groups/${soft.at('server_group', 'id')}`))
})

const quota = scenario('compute', 'quota', async (stage) => {
  const { ask, session, quiet } = stage
  const own = session.login('small').projectId
  const small = 'small'
  const { image } = await places(stage)
  const network = (await quiet('GET /networks?name=small-net', { service: 'network', as: small })).at(
    'networks',
    0,
    'id',
  )
  await ask('quota set', `GET /os-quota-sets/${own}`, { as: small })
  await ask('quota set with 2.57', `GET /os-quota-sets/${own}`, { as: small, version: '2.57' })
  await ask('quota set of another', `GET /os-quota-sets/${session.login('other').projectId}`, { as: small })
  await ask('limits', 'GET /limits', { as: small })
  const server = (change: object) => ({
    server: { name: `${stage.prefix}-q`, flavorRef: '1', imageRef: image, networks: [{ uuid: network }], ...change },
  })
  await ask('too many instances', 'POST /servers', { as: small, body: server({ min_count: 2 }) })
  await ask('too many cores and too much RAM', 'POST /servers', { as: small, body: server({ flavorRef: '3' }) })
  await ask('keys', 'POST /os-keypairs', { as: small, body: { keypair: { name: `${stage.prefix}-k1` } } })
  stage.later(() => quiet(`DELETE /os-keypairs/${stage.prefix}-k1`, { as: small }))
  await ask('too many keys', 'POST /os-keypairs', { as: small, body: { keypair: { name: `${stage.prefix}-k2` } } })
  const group = await ask('groups', 'POST /os-server-groups', {
    as: small,
    body: { server_group: { name: 'g', policies: ['affinity'] } },
  })
  stage.later(() => quiet(`DELETE /os-server-groups/${group.at('server_group', 'id')}`, { as: small }))
  await ask('too many groups', 'POST /os-server-groups', {
    as: small,
    body: { server_group: { name: 'g', policies: ['affinity'] } },
  })
})

const noHost = scenario('compute', 'no valid host', async (stage) => {
  const { ask, states, prefix, quiet } = stage
  const { image, network } = await places(stage)
  const made = await quiet('POST /servers', {
    body: { server: { name: `${prefix}-nohost`, flavorRef: '99', imageRef: image, networks: [{ uuid: network }] } },
  })
  const path = `/servers/${made.at('server', 'id')}`
  stage.later(() => gone(stage, path))
  await states('building', `GET ${path}`, statusIn('server', 'status'), ['ERROR', 'ACTIVE'])
  await ask('fault', `GET ${path}`)
})

/** Sequences of Nova. */
export const computeSequences: readonly Scenario[] = [badServers, serverLife, serverVolumes, keys, quota, noHost]
