import { type AskOptions, scenario } from '../scenario.ts'
import { gone, places } from './server-stage.ts'
import { long, unknownId } from './unknown.ts'

const v = (version: string): AskOptions => ({ version })

/** Servers that Nova does not make. */
export const badServers = scenario('compute', 'bad servers', async (stage) => {
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
