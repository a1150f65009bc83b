import { type Scenario, scenario, statusIn } from '../scenario.ts'
import { volumeOf } from './compute-server-volumes.ts'
import { gone, places, serverState } from './server-stage.ts'
import { unknownId } from './unknown.ts'

const unscopedTokens = scenario('identity', 'unscoped and revoked tokens', async ({ ask, quiet, session }) => {
  const { name, password } = session.people('bosh')
  const user = { name, password, domain: { id: 'default' } }
  const as = 'nobody'
  const login = async (): Promise<string> => {
    const body = { auth: { identity: { methods: ['password'], password: { user } }, scope: 'unscoped' } }
    return (await quiet('POST /auth/tokens', { as, body })).headers.get('x-subject-token') ?? ''
  }
  const unscoped = { 'x-auth-token': await login() }
  await ask('images', 'GET /images?limit=1', { service: 'image', as, headers: unscoped })
  await ask('networks', 'GET /networks?name=none', { service: 'network', as, headers: unscoped })
  const revoked = await login()
  await quiet('DELETE /auth/tokens', { as, headers: { 'x-auth-token': revoked, 'x-subject-token': revoked } })
  await ask('a revoked token shows itself', 'GET /auth/tokens', {
    as,
    headers: { 'x-auth-token': revoked, 'x-subject-token': revoked },
  })
  await ask('a revoked token as subject', 'GET /auth/tokens', { headers: { 'x-subject-token': revoked } })
})

const networkPolicies = scenario('network', 'policies', async (stage) => {
  const { ask, quiet, prefix } = stage
  const external = await quiet('GET /networks?name=public')
  const publicNetwork = external.at('networks', 0, 'id')
  const ownNetwork = (await quiet('GET /networks?name=bosh-net')).at('networks', 0, 'id')
  await ask('subnet of the public network', `GET /subnets/${external.at('networks', 0, 'subnets', 0)}`)
  await ask('port on the public network', 'POST /ports', { body: { port: { network_id: publicNetwork } } })
  await ask('subnet on a network of another project', 'POST /subnets', {
    body: { subnet: { network_id: publicNetwork, ip_version: 4, cidr: '198.51.100.0/24' } },
  })
  await ask('tag on a missing network', `PUT /networks/${unknownId}/tags/x`)
  await ask('malformed MAC', 'POST /ports', { body: { port: { network_id: ownNetwork, mac_address: 'zz' } } })
  const group = await quiet('POST /security-groups', { body: { security_group: { name: `${prefix}-any` } } })
  const groupId = group.at('security_group', 'id')
  stage.later(() => quiet(`DELETE /security-groups/${groupId}`))
  await ask('rule of any protocol', 'POST /security-group-rules', {
    body: { security_group_rule: { security_group_id: groupId, direction: 'ingress', protocol: 'any' } },
  })
  const made = await quiet('POST /ports', {
    body: {
      port: { network_id: ownNetwork, name: `${prefix}-bound`, device_id: unknownId, device_owner: 'compute:nova' },
    },
  })
  const port = `/ports/${made.at('port', 'id')}`
  stage.later(() => quiet(`DELETE ${port}`))
  await ask('delete a port of a server', `DELETE ${port}`)
  const again = await quiet('POST /ports', {
    body: {
      port: { network_id: ownNetwork, name: `${prefix}-bound2`, device_id: unknownId, device_owner: 'compute:nova' },
    },
  })
  const second = `/ports/${again.at('port', 'id')}`
  stage.later(() => quiet(`DELETE ${second}`))
  await ask('release it', `PUT ${second}`, { body: { port: { device_id: '', device_owner: '' } } })
  await ask('delete it then', `DELETE ${second}`)
})

const newMicroversions = scenario('compute', 'microversions of later releases', async (stage) => {
  const { ask, quiet, prefix } = stage
  await ask('projects of a flavor', 'GET /flavors/1/os-flavor-access')
  await ask('flavor with 2.102', 'GET /flavors/1', { version: '2.102' })
  await ask('unknown query parameter with 2.102', 'GET /flavors?nosuch=1', { version: '2.102' })
  const { image, network } = await places(stage)
  const disk = await volumeOf(stage, { name: `${prefix}-late` })
  const made = await quiet('POST /servers', {
    body: {
      server: {
        name: `${prefix}-late`,
        imageRef: image,
        flavorRef: '1',
        networks: [{ uuid: network }],
        availability_zone: 'z1',
      },
    },
  })
  const path = `/servers/${made.at('server', 'id')}`
  stage.later(() => gone(stage, path))
  await stage.until(`GET ${path}`, serverState, ['ACTIVE/', 'ERROR/'])
  await ask('server with 2.96', `GET ${path}`, { version: '2.96' })
  await ask('server with 2.98', `GET ${path}`, { version: '2.98' })
  await ask('server with 2.100', `GET ${path}`, { version: '2.100' })
  await ask('attach a volume with 2.101', `POST ${path}/os-volume_attachments`, {
    version: '2.101',
    body: { volumeAttachment: { volumeId: disk } },
  })
  await quiet(`DELETE ${path}`)
  await stage.until(`GET ${path}`, statusIn('server', 'status'), [404])
})

/** What releases are known to answer in different ways, beyond what the other scenarios meet. */
export const releaseScenarios: readonly Scenario[] = [unscopedTokens, networkPolicies, newMicroversions]
