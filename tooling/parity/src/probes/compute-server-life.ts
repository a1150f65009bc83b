import { type AskOptions, scenario } from '../scenario.ts'
import { gone, places, serverState } from './server-stage.ts'
import { unknownId } from './unknown.ts'

/** A server from its creation to its end, and what can be asked of it on the way. */
export const serverLife = scenario('compute', 'life of a server', async (stage) => {
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
