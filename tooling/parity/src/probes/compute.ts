import { type AskOptions, type Scenario, type Stage, scenario, statusIn, table } from '../scenario.ts'
import type { Answer } from '../session.ts'
import { volume } from './block-storage-sequences.ts'
import { long, unknownId } from './unknown.ts'

const as = 'nobody'
const v = (version: string): AskOptions => ({ version })

const requests = table('compute', 'requests', [
  ['versions', 'GET //', undefined, { as }],
  ['version', 'GET //v2.1/', undefined, { as }],
  ['no token', 'GET /servers', undefined, { as }],
  ['bad token', 'GET /servers', undefined, { as: 'stranger' }],
  ['unknown collection', 'GET /nosuchthing'],
  ['wrong method', 'PUT /servers', {}],
  ['version too new', 'GET /servers', undefined, v('2.999')],
  ['version too old', 'GET /servers', undefined, v('1.0')],
  ['no version', 'GET /servers', undefined, v('x')],
  ['latest', 'GET /servers?name=none', undefined, v('latest')],
  ['the old header', 'GET /servers?name=none', undefined, { headers: { 'x-openstack-nova-api-version': '2.53' } }],
  ['of another service', 'GET /servers?name=none', undefined, { headers: { 'openstack-api-version': 'volume 3.70' } }],
  ['flavors', 'GET /flavors'],
  ['flavors in detail', 'GET /flavors/detail'],
  ['flavors in detail, 2.61', 'GET /flavors/detail', undefined, v('2.61')],
  ['flavor', 'GET /flavors/11'],
  ['flavor, 2.55', 'GET /flavors/11', undefined, v('2.55')],
  ['unknown flavor', 'GET /flavors/nope'],
  ['flavor extra specs', 'GET /flavors/1/os-extra_specs'],
  ['unknown extra spec', 'GET /flavors/1/os-extra_specs/nope'],
  ['flavors by RAM', 'GET /flavors?minRam=2048'],
  ['flavors, RAM no number', 'GET /flavors?minRam=x'],
  ['flavors, two', 'GET /flavors?limit=2'],
  ['flavors, marker', 'GET /flavors?limit=2&marker=2'],
  ['flavors, unknown marker', 'GET /flavors?marker=nope'],
  ['flavors, limit no number', 'GET /flavors?limit=x'],
  ['flavors, sorted', 'GET /flavors?sort_key=memory_mb&sort_dir=desc'],
  ['flavors, bad sort', 'GET /flavors?sort_key=nope'],
  ['flavor created by a tenant', 'POST /flavors', { flavor: { name: 'x', ram: 1, vcpus: 1, disk: 1 } }],
  ['zones', 'GET /os-availability-zone'],
  ['zones in detail by a tenant', 'GET /os-availability-zone/detail'],
  ['limits', 'GET /limits'],
  ['limits, 2.57', 'GET /limits', undefined, v('2.57')],
  ['hypervisors by a tenant', 'GET /os-hypervisors'],
  ['services by a tenant', 'GET /os-services'],
  ['aggregates by a tenant', 'GET /os-aggregates'],
  ['extension', 'GET /extensions/os-volumes'],
  ['unknown extension', 'GET /extensions/nope'],
])

const notFound = table('compute', 'not found', [
  ['server', `GET /servers/${unknownId}`],
  ['server, no uuid', 'GET /servers/notauuid'],
  ['delete', `DELETE /servers/${unknownId}`],
  ['rename', `PUT /servers/${unknownId}`, { server: { name: 'x' } }],
  ['reboot', `POST /servers/${unknownId}/action`, { reboot: { type: 'SOFT' } }],
  ['metadata', `GET /servers/${unknownId}/metadata`],
  ['set metadata', `POST /servers/${unknownId}/metadata`, { metadata: { a: 'b' } }],
  ['volumes', `GET /servers/${unknownId}/os-volume_attachments`],
  ['interfaces', `GET /servers/${unknownId}/os-interface`],
  ['tags', `GET /servers/${unknownId}/tags`, undefined, v('2.26')],
  ['tags before 2.26', `GET /servers/${unknownId}/tags`],
  ['actions log', `GET /servers/${unknownId}/os-instance-actions`],
  ['key', 'GET /os-keypairs/nope'],
  ['delete key', 'DELETE /os-keypairs/nope'],
  ['group', `GET /os-server-groups/${unknownId}`],
  ['delete group', `DELETE /os-server-groups/${unknownId}`],
])

const lists = table('compute', 'list parameters', [
  ['limit no number', 'GET /servers?limit=x'],
  ['limit negative', 'GET /servers?limit=-1'],
  ['limit 0', 'GET /servers?limit=0'],
  ['unknown marker', `GET /servers?marker=${unknownId}`],
  ['bad sort key', 'GET /servers?sort_key=nope'],
  ['bad direction', 'GET /servers?sort_key=created_at&sort_dir=up'],
  ['unknown filter', 'GET /servers?nosuch=1&name=none'],
  ['unknown status', 'GET /servers?status=NOPE'],
  ['bad time', 'GET /servers?changes-since=x'],
  ['bad pattern', 'GET /servers?name=%5B'],
  ['foreign ones by a tenant', 'GET /servers?all_tenants=1'],
  ['by image', `GET /servers?image=${unknownId}`],
  ['detail, none', 'GET /servers/detail?name=nothing-has-this-name'],
])

interface Places {
  readonly image: string
  readonly network: string
  readonly external: string
}

const places = async ({ quiet }: Stage): Promise<Places> => {
  const image = await quiet('GET /images?name=tiny-image', { service: 'image' })
  const network = await quiet('GET /networks?name=bosh-net', { service: 'network' })
  const external = await quiet('GET /networks?name=public', { service: 'network' })
  return {
    image: image.at('images', 0, 'id'),
    network: network.at('networks', 0, 'id'),
    external: external.at('networks', 0, 'id'),
  }
}

const badServers = scenario('compute', 'bad servers', async (stage) => {
  const { ask, prefix } = stage
  const { image, network } = await places(stage)
  const good = { name: `${prefix}-bad`, flavorRef: '1', imageRef: image, networks: [{ uuid: network }] }
  const post = async (name: string, body: unknown, options: AskOptions = {}) => {
    const answer = await ask(name, 'POST /servers', { body, ...options })
    // Some are taken, against expectation.
    const id = answer.at('server', 'id')
    if (id !== '') stage.later(() => gone(stage, `/servers/${id}`))
  }
  const server = (name: string, change: object, options: AskOptions = {}) =>
    post(name, { server: { ...good, ...change } }, options)
  await ask('broken JSON', 'POST /servers', { text: '{"server": ' })
  await ask('a text', 'POST /servers', { text: 'x', headers: { 'content-type': 'text/plain' } })
  await post('empty', {})
  await post('server null', { server: null })
  await post('server without anything', { server: {} })
  await server('no name', { name: undefined })
  await server('name empty', { name: '' })
  await server('name blank', { name: ' ' })
  await server('name with blanks around', { name: ' x ' })
  await server('name too long', { name: long(256) })
  await server('name a number', { name: 5 })
  await server('no flavor', { flavorRef: undefined })
  await server('unknown flavor', { flavorRef: 'nope' })
  await server('flavor of no disk', { flavorRef: '20' })
  await server('unknown image', { imageRef: unknownId })
  await server('image no uuid', { imageRef: 'x' })
  await server('no image', { imageRef: undefined })
  await server('unknown network', { networks: [{ uuid: unknownId }] })
  await server('network no uuid', { networks: [{ uuid: 'x' }] })
  await server('unknown port', { networks: [{ port: unknownId }] })
  await server('networks a text', { networks: 'x' }, v('2.37'))
  await server('networks none before 2.37', { networks: 'none' })
  await server('bad fixed address', { networks: [{ uuid: network, fixed_ip: 'x' }] })
  await server('several networks and none named', { networks: undefined })
  await server('unknown key', { key_name: 'nope' })
  await server('unknown zone', { availability_zone: 'nope' })
  await server('unknown security group', { security_groups: [{ name: 'nope' }] })
  await server('user data not base64', { user_data: '***' })
  await server('user data too long', { user_data: 'QUFB'.repeat(16_500) })
  await server('metadata value a number', { metadata: { a: 1 } })
  await server('metadata value too long', { metadata: { a: long(256) } })
  await server('metadata key odd', { metadata: { 'a#': 'x' } })
  await server('metadata key empty', { metadata: { '': 'x' } })
  await server('unknown property', { nosuch: 1 })
  await server('config drive no boolean', { config_drive: 'x' })
  await server('minimum 0', { min_count: 0 })
  await server('minimum above maximum', { min_count: 3, max_count: 2 })
  await post('unknown group', { server: good, 'os:scheduler_hints': { group: unknownId } })
  await post('group no uuid', { server: good, 'os:scheduler_hints': { group: 'x' } })
  await server('tags before 2.52', { tags: ['a'] })
  await server('description before 2.19', { description: 'd' })
  const boot = (change: object) => ({
    imageRef: undefined,
    block_device_mapping_v2: [
      {
        boot_index: 0,
        uuid: image,
        source_type: 'image',
        destination_type: 'volume',
        volume_size: 1,
        delete_on_termination: true,
        ...change,
      },
    ],
  })
  await server('boot volume of an unknown image', boot({ uuid: unknownId }))
  await server('boot volume without size', boot({ volume_size: undefined }))
  await server('boot volume of size 0', boot({ volume_size: 0 }))
  await server('boot volume, bad source', boot({ source_type: 'nope' }))
  await server('boot from an unknown volume', boot({ source_type: 'volume', uuid: unknownId }))
  await server('boot volume type before 2.67', boot({ volume_type: 'fast' }))
  await server('boot volume, unknown type', boot({ volume_type: 'nope' }), v('2.67'))
})

const serverState = (answer: Answer): unknown =>
  answer.status === 200
    ? [answer.at('server', 'status'), answer.at('server', 'OS-EXT-STS:task_state')].join('/')
    : answer.status

const gone = async (stage: Stage, path: string): Promise<void> => {
  await stage.quiet(`DELETE ${path}`)
  await stage.until(`GET ${path}`, statusIn('server', 'status'), [404])
}

const life = scenario('compute', 'life of a server', async (stage) => {
  const { ask, states, prefix } = stage
  const { image, network, external } = await places(stage)
  const made = await ask('create', 'POST /servers', {
    body: {
      server: {
        name: `${prefix}-vm`,
        flavorRef: '1',
        imageRef: image,
        networks: [{ uuid: network }],
        key_name: 'bosh',
        security_groups: [{ name: 'bosh' }],
        metadata: { a: 'b' },
        availability_zone: 'z1',
        config_drive: true,
        user_data: 'e30=',
      },
    },
  })
  const path = `/servers/${made.at('server', 'id')}`
  stage.later(() => gone(stage, path))
  await states('building', `GET ${path}`, serverState, ['ACTIVE/', 'ERROR/'], {
    fleeting: ['BUILD/', 'BUILD/scheduling', 'BUILD/networking', 'BUILD/block_device_mapping', 'BUILD/spawning'],
  })
  await ask('show', `GET ${path}`)
  for (const version of ['2.3', '2.16', '2.26', '2.47', '2.63', '2.73', '2.90', '2.93'])
    await ask(`show with ${version}`, `GET ${path}`, { version })
  await ask('show as another', `GET ${path}`, { as: 'other' })
  await ask('show as admin', `GET ${path}`, { as: 'admin' })
  await ask('list by name', `GET /servers?name=${prefix}-vm`)
  await ask('list in detail', `GET /servers/detail?name=${prefix}-vm`)
  await ask('list in detail with 2.93', `GET /servers/detail?name=${prefix}-vm`, { version: '2.93' })
  await ask('by status', `GET /servers?status=ACTIVE&name=${prefix}-vm`)
  await ask('addresses', `GET ${path}/ips`)
  await ask('rename', `PUT ${path}`, { body: { server: { name: `${prefix}-new` } } })
  await ask('rename to nothing', `PUT ${path}`, { body: { server: { name: '' } } })
  await ask('update unknown', `PUT ${path}`, { body: { server: { nosuch: 1 } } })
  await ask('metadata', `GET ${path}/metadata`)
  await ask('merge metadata', `POST ${path}/metadata`, { body: { metadata: { c: 'd' } } })
  await ask('replace metadata', `PUT ${path}/metadata`, { body: { metadata: { q: 'w' } } })
  await ask('set a key', `PUT ${path}/metadata/q`, { body: { meta: { q: 'e' } } })
  await ask('set another key', `PUT ${path}/metadata/q`, { body: { meta: { z: 'e' } } })
  await ask('show a key', `GET ${path}/metadata/q`)
  await ask('show an unknown key', `GET ${path}/metadata/none`)
  await ask('delete a key', `DELETE ${path}/metadata/q`)
  await ask('delete an unknown key', `DELETE ${path}/metadata/none`)
  await ask('metadata a number', `POST ${path}/metadata`, { body: { metadata: { a: 1 } } })
  await ask('tags', `GET ${path}/tags`, { version: '2.26' })
  await ask('tag', `PUT ${path}/tags/x`, { version: '2.26' })
  await ask('replace tags', `PUT ${path}/tags`, { body: { tags: ['b', 'a'] }, version: '2.26' })
  await ask('untag unknown', `DELETE ${path}/tags/none`, { version: '2.26' })
  await ask('interfaces', `GET ${path}/os-interface`)
  await ask('security groups', `GET ${path}/os-security-groups`)
  await ask('password', `GET ${path}/os-server-password`)
  await ask('log', `GET ${path}/os-instance-actions`)
  const action = (name: string, body: unknown, options: AskOptions = {}) =>
    ask(name, `POST ${path}/action`, { body, ...options })
  await action('no action', {})
  await action('unknown action', { nope: {} })
  await action('two actions', { 'os-stop': null, 'os-start': null })
  await action('reboot without type', { reboot: {} })
  await action('reboot, bad type', { reboot: { type: 'x' } })
  await action('start an active one', { 'os-start': null })
  await action('unpause an active one', { unpause: null })
  await action('stop', { 'os-stop': null })
  await states('stopping', `GET ${path}`, serverState, ['SHUTOFF/'], { fleeting: ['ACTIVE/powering-off'] })
  await action('stop again', { 'os-stop': null })
  await action('reboot a stopped one softly', { reboot: { type: 'SOFT' } })
  await action('start', { 'os-start': null })
  await states('starting', `GET ${path}`, serverState, ['ACTIVE/'], { fleeting: ['SHUTOFF/powering-on'] })
  await action('reboot', { reboot: { type: 'HARD' } })
  await states('rebooting', `GET ${path}`, serverState, ['ACTIVE/'], {
    fleeting: [
      'HARD_REBOOT/rebooting_hard',
      'HARD_REBOOT/reboot_pending_hard',
      'HARD_REBOOT/reboot_started_hard',
      'HARD_REBOOT/',
      'REBOOT/reboot_pending_hard',
      'REBOOT/reboot_started_hard',
    ],
  })
  await action('lock', { lock: null })
  await ask('delete locked', `DELETE ${path}`)
  await action('unlock', { unlock: null })
  await action('console log', { 'os-getConsoleOutput': { length: 1 } })
  await action('reset by a tenant', { 'os-resetState': { state: 'error' } })
  await action('resize to the same', { resize: { flavorRef: '1' } })
  await action('resize to unknown', { resize: { flavorRef: 'nope' } })
  await ask('attach the external network', `POST ${path}/os-interface`, {
    body: { interfaceAttachment: { net_id: external } },
  })
  await ask('attach an unknown port', `POST ${path}/os-interface`, {
    body: { interfaceAttachment: { port_id: unknownId } },
  })
  await ask('detach an unknown interface', `DELETE ${path}/os-interface/${unknownId}`)
  await ask('delete', `DELETE ${path}`)
  await states('deleting', `GET ${path}`, serverState, [404], {
    fleeting: ['DELETED/', 'ACTIVE/deleting', 'ACTIVE/', 'DELETED/deleting'],
  })
  await ask('delete again', `DELETE ${path}`)
})

const disks = scenario('compute', 'volumes of a server', async (stage) => {
  const { ask, states, prefix, quiet } = stage
  const { image, network } = await places(stage)
  const disk = await volumeOf(stage, { name: `${prefix}-data` })
  const made = await quiet('POST /servers', {
    body: {
      server: {
        name: `${prefix}-bfv`,
        availability_zone: 'z1',
        flavorRef: '1',
        networks: [{ uuid: network }],
        block_device_mapping_v2: [
          {
            boot_index: 0,
            uuid: image,
            source_type: 'image',
            destination_type: 'volume',
            volume_size: 1,
            delete_on_termination: true,
          },
        ],
      },
    },
  })
  const path = `/servers/${made.at('server', 'id')}`
  stage.later(() => gone(stage, path))
  await stage.until(`GET ${path}`, serverState, ['ACTIVE/', 'ERROR/'])
  await ask('server with a boot volume', `GET ${path}`)
  const attachments = `${path}/os-volume_attachments`
  await ask('boot volume only', `GET ${attachments}`)
  const attach = (name: string, volumeAttachment: unknown) =>
    ask(name, `POST ${attachments}`, { body: { volumeAttachment } })
  await attach('unknown volume', { volumeId: unknownId })
  await attach('no uuid', { volumeId: 'x' })
  await attach('nothing', {})
  await attach('bad device', { volumeId: disk, device: 'x y' })
  await attach('attach', { volumeId: disk, device: '/dev/sdc' })
  const cinder = { service: 'block-storage' } as const
  const diskState = statusIn('volume', 'status')
  await states('attaching', `GET /volumes/${disk}`, diskState, ['in-use'], {
    ...cinder,
    fleeting: ['reserved', 'attaching'],
  })
  await ask('in use', `GET /volumes/${disk}`, cinder)
  await ask('both', `GET ${attachments}`)
  await ask('one', `GET ${attachments}/${disk}`)
  await ask('both with 2.89', `GET ${attachments}`, { version: '2.89' })
  await ask('both with 2.79', `GET ${attachments}`, { version: '2.79' })
  await attach('again', { volumeId: disk })
  await ask('delete the volume', `DELETE /volumes/${disk}`, cinder)
  await ask('detach through Cinder', `POST /volumes/${disk}/action`, { ...cinder, body: { 'os-detach': {} } })
  await ask('extend attached', `POST /volumes/${disk}/action`, { ...cinder, body: { 'os-extend': { new_size: 2 } } })
  await ask('extend attached, 3.42', `POST /volumes/${disk}/action`, {
    ...cinder,
    version: '3.42',
    body: { 'os-extend': { new_size: 2 } },
  })
  await stage.until(`GET /volumes/${disk}`, diskState, ['in-use'], cinder)
  await ask('snapshot attached', 'POST /snapshots', { ...cinder, body: { snapshot: { volume_id: disk } } })
  await ask('detach unknown', `DELETE ${attachments}/${unknownId}`)
  await ask('detach', `DELETE ${attachments}/${disk}`)
  await states('detaching', `GET /volumes/${disk}`, diskState, ['available'], {
    ...cinder,
    fleeting: ['detaching', 'in-use'],
  })
  await ask('detach again', `DELETE ${attachments}/${disk}`)
  await ask('not attached', `GET ${attachments}/${disk}`)
})

/** A volume, made on the side of a scenario of another service. */
const volumeOf = (stage: Stage, asked: object): Promise<string> => {
  const service = 'block-storage' as const
  const side: Stage = {
    ...stage,
    quiet: (line, options) => stage.quiet(line, { service, ...options }),
    until: (line, pick, wanted, options) => stage.until(line, pick, wanted, { service, ...options }),
  }
  return volume(side, asked)
}

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

/** Nova. */
export const computeScenarios: readonly Scenario[] = [
  requests,
  notFound,
  lists,
  badServers,
  life,
  disks,
  keys,
  quota,
  noHost,
]
