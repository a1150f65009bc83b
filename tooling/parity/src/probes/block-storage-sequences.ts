import { type Scenario, type Stage, scenario, statusIn } from '../scenario.ts'
import { unknownId } from './unknown.ts'

const volumeState = statusIn('volume', 'status')
const snapshotState = statusIn('snapshot', 'status')

/** Makes a volume, waits for it and has it deleted in the end; answers its id. */
export async function volume(stage: Stage, asked: object, name?: string): Promise<string> {
  const body = { volume: { size: 1, ...asked } }
  const answer =
    name === undefined ? await stage.quiet('POST /volumes', { body }) : await stage.ask(name, 'POST /volumes', { body })
  const id = answer.at('volume', 'id')
  stage.later(async () => {
    await stage.until(`GET /volumes/${id}`, volumeState, ['available', 'error', 404])
    await stage.quiet(`DELETE /volumes/${id}?cascade=true`)
    await stage.until(`GET /volumes/${id}`, volumeState, [404])
  })
  if (name === undefined) await stage.until(`GET /volumes/${id}`, volumeState, ['available', 'error'])
  return id
}

const life = scenario('block-storage', 'life of a volume', async (stage) => {
  const { ask, states, prefix } = stage
  const asked = {
    name: ` ${prefix}-disk `,
    description: 'd',
    size: '1',
    volume_type: 'standard',
    availability_zone: 'z1',
  }
  const id = await volume(stage, { ...asked, metadata: { a: 'b' } }, 'create')
  const path = `/volumes/${id}`
  await states('creating', `GET ${path}`, volumeState, ['available', 'error'])
  await ask('show', `GET ${path}`)
  await ask('show with 3.70', `GET ${path}`, { version: '3.70' })
  await ask('show as admin', `GET ${path}`, { as: 'admin' })
  await ask('show as another', `GET ${path}`, { as: 'other' })
  await ask('by name', `GET /volumes?name=${prefix}-disk`)
  await ask('by name in detail', `GET /volumes/detail?name=${prefix}-disk`)
  await ask('by name in capitals', `GET /volumes?name=${prefix.toUpperCase()}-DISK`)
  await ask('by metadata', `GET /volumes/detail?metadata=%7B%27a%27%3A%27b%27%7D&name=${prefix}-disk`)
  await ask('by other metadata', `GET /volumes?metadata=%7B%27a%27%3A%27c%27%7D&name=${prefix}-disk`)
  await ask('rename', `PUT ${path}`, { body: { volume: { name: `${prefix}-renamed` } } })
  await ask('update nothing', `PUT ${path}`, { body: { volume: {} } })
  await ask('update nothing from 3.53', `PUT ${path}`, { body: { volume: {} }, version: '3.53' })
  await ask('update the size', `PUT ${path}`, { body: { volume: { size: 3 } } })
  await ask('name null', `PUT ${path}`, { body: { volume: { name: null } } })
  await ask('replace metadata by update', `PUT ${path}`, { body: { volume: { metadata: { z: '1' } } } })
  await ask('extend', `POST ${path}/action`, { body: { 'os-extend': { new_size: 2 } } })
  await states('extending', `GET ${path}`, volumeState, ['available'], { fleeting: ['extending'] })
  await ask('shrink', `POST ${path}/action`, { body: { 'os-extend': { new_size: 1 } } })
  await ask('retype', `POST ${path}/action`, {
    body: { 'os-retype': { new_type: 'fast', migration_policy: 'on-demand' } },
  })
  await states(
    'retyping',
    `GET ${path}`,
    (a) => [a.at('volume', 'status'), a.at('volume', 'volume_type')].join(),
    ['available,fast'],
    { fleeting: ['retyping,fast'] },
  )
  await ask('delete', `DELETE ${path}`)
  await states('deleting', `GET ${path}`, volumeState, [404])
  await ask('delete again', `DELETE ${path}`)
})

const metadata = scenario('block-storage', 'metadata', async (stage) => {
  const { ask, prefix } = stage
  const id = await volume(stage, { name: `${prefix}-meta`, metadata: { a: 'b' } })
  const path = `/volumes/${id}/metadata`
  await ask('list', `GET ${path}`)
  await ask('merge', `POST ${path}`, { body: { metadata: { c: 'd' } } })
  await ask('merge nothing', `POST ${path}`, { body: { metadata: {} } })
  await ask('no metadata', `POST ${path}`, { body: {} })
  await ask('value a number', `POST ${path}`, { body: { metadata: { a: 1 } } })
  await ask('replace', `PUT ${path}`, { body: { metadata: { q: 'w' } } })
  await ask('set one', `PUT ${path}/q`, { body: { meta: { q: 'e' } } })
  await ask('set another', `PUT ${path}/q`, { body: { meta: { z: 'e' } } })
  await ask('set none', `PUT ${path}/q`, { body: { meta: {} } })
  await ask('set two', `PUT ${path}/q`, { body: { meta: { q: '1', z: '2' } } })
  await ask('show one', `GET ${path}/q`)
  await ask('show unknown', `GET ${path}/none`)
  await ask('delete unknown', `DELETE ${path}/none`)
  await ask('delete', `DELETE ${path}/q`)
  await ask('with an ETag from 3.15', `GET ${path}`, { version: '3.15' })
})

const actions = scenario('block-storage', 'actions', async (stage) => {
  const { ask, prefix } = stage
  const id = await volume(stage, { name: `${prefix}-act` })
  const action = (name: string, body: unknown, options = {}) =>
    ask(name, `POST /volumes/${id}/action`, { body, ...options })
  await action('empty', {})
  await action('a list', [])
  await action('unknown', { nope: {} })
  await action('extend without size', { 'os-extend': {} })
  await action('extend null', { 'os-extend': null })
  await action('extend to the same size', { 'os-extend': { new_size: 1 } })
  await action('extend to a word', { 'os-extend': { new_size: 'x' } })
  await action('extend with more', { 'os-extend': { new_size: 2, x: 1 } })
  await action('retype without type', { 'os-retype': {} })
  await action('retype to an unknown type', { 'os-retype': { new_type: 'nope' } })
  await action('retype to the same type', { 'os-retype': { new_type: '__DEFAULT__' } })
  await action('retype, bad policy', { 'os-retype': { new_type: 'fast', migration_policy: 'x' } })
  await action('detach what is not attached', { 'os-detach': {} })
  await action('begin detaching', { 'os-begin_detaching': {} })
  await action('roll detaching', { 'os-roll_detaching': {} })
  await action('unreserve', { 'os-unreserve': {} })
  await action('reserve', { 'os-reserve': {} })
  await ask('reserved', `GET /volumes/${id}`)
  await action('reserve again', { 'os-reserve': {} })
  await action('extend while attaching', { 'os-extend': { new_size: 3 } })
  await ask('delete while attaching', `DELETE /volumes/${id}`)
  await action('unreserve again', { 'os-unreserve': null })
  await action('attach without device', { 'os-attach': {} })
  await action('attach to nothing', { 'os-attach': { mountpoint: '/dev/vdc' } })
  await action('bootable', { 'os-set_bootable': { bootable: true } })
  await action('bootable no boolean', { 'os-set_bootable': { bootable: 'x' } })
  await action('read-only', { 'os-update_readonly_flag': { readonly: true } })
  await ask('bootable and read-only', `GET /volumes/${id}`)
  await action('reset by a tenant', { 'os-reset_status': { status: 'error' } })
  await action('force delete by a tenant', { 'os-force_delete': {} })
  await action('force detach by a tenant', { 'os-force_detach': {} })
  await action('migrate by a tenant', { 'os-migrate_volume': { host: 'x' } })
  await action('upload without a name', { 'os-volume_upload_image': {} })
  await action('revert before 3.40', { revert: { snapshot_id: 'x' } })
  await action('revert without snapshots', { revert: { snapshot_id: 'x' } }, { version: '3.40' })
  await action('set image metadata', { 'os-set_image_metadata': { metadata: { a: 'b' } } })
  await action('show image metadata', { 'os-show_image_metadata': null })
  await action('unset image metadata', { 'os-unset_image_metadata': { key: 'a' } })
})

const snapshot = scenario('block-storage', 'snapshots', async (stage) => {
  const { ask, states, prefix } = stage
  const id = await volume(stage, { name: `${prefix}-snapped` })
  const forced = { snapshot: { volume_id: id, force: false } }
  await ask('force false from 3.66', 'POST /snapshots', { body: forced, version: '3.66' })
  await ask('unknown property', 'POST /snapshots', { body: { snapshot: { volume_id: id, nope: 1 } } })
  const asked = {
    snapshot: { volume_id: id, name: `${prefix}-snap`, description: 'd', force: true, metadata: { x: 'y' } },
  }
  const made = await ask('create', 'POST /snapshots', { body: asked })
  const path = `/snapshots/${made.at('snapshot', 'id')}`
  await states('creating', `GET ${path}`, snapshotState, ['available', 'error'])
  await ask('show', `GET ${path}`)
  await ask('show with 3.70', `GET ${path}`, { version: '3.70' })
  await ask('show as another', `GET ${path}`, { as: 'other' })
  await ask('of the volume', `GET /snapshots?volume_id=${id}`)
  await ask('of the volume in detail', `GET /snapshots/detail?volume_id=${id}`)
  await ask('by name', `GET /snapshots?name=${prefix}-snap`)
  await ask('update nothing', `PUT ${path}`, { body: { snapshot: {} } })
  await ask('update', `PUT ${path}`, { body: { snapshot: { description: 'e' } } })
  await ask('merge metadata', `POST ${path}/metadata`, { body: { metadata: { a: 'b' } } })
  await ask('show metadata', `GET ${path}/metadata/a`)
  await ask('show unknown metadata', `GET ${path}/metadata/none`)
  await ask('delete metadata', `DELETE ${path}/metadata/a`)
  await ask('reset by a tenant', `POST ${path}/action`, { body: { 'os-reset_status': { status: 'error' } } })
  await ask('delete the volume', `DELETE /volumes/${id}`)
  await ask('cascade no boolean', `DELETE /volumes/${id}?cascade=x`)
  const grown = await volume(
    stage,
    { name: `${prefix}-grown`, snapshot_id: made.at('snapshot', 'id'), size: 2 },
    'volume of it',
  )
  await states('volume of it, creating', `GET /volumes/${grown}`, volumeState, ['available', 'error'])
  await ask('volume of it, shown', `GET /volumes/${grown}`)
  const copy = { volume: { source_volid: grown, size: 1 } }
  await ask('copy smaller than the source', 'POST /volumes', { body: copy })
  await volume(stage, { name: `${prefix}-copy`, source_volid: grown, size: null }, 'copy of a volume')
  await ask('delete', `DELETE ${path}`)
  await ask('delete again', `DELETE ${path}`)
  await states('deleting', `GET ${path}`, snapshotState, [404])
})

const lists = scenario('block-storage', 'pages and order', async (stage) => {
  const { ask, prefix } = stage
  const sizes = [2, 3, 1]
  const ids: string[] = []
  for (const [i, size] of sizes.entries()) {
    ids.push(await volume(stage, { name: `${prefix}-p${i}`, size, metadata: { page: prefix } }))
    await stage.session.pause(1000) // the order of a list goes by whole seconds
  }
  const mine = `metadata=%7B%27page%27%3A%27${prefix}%27%7D`
  const next = (answer: { at(...keys: (string | number)[]): string }) =>
    new URL(answer.at('volumes_links', 0, 'href') || 'http://none/').search
  await ask('newest first', `GET /volumes?${mine}`)
  const first = await ask('first page', `GET /volumes?limit=2&${mine}`)
  const second = await ask('second page', `GET /volumes${next(first)}`)
  await ask('exactly full', `GET /volumes?limit=3&${mine}`)
  await ask('after a full one', `GET /volumes?limit=3&${mine}&marker=${ids[0]}`)
  await ask('offset', `GET /volumes?offset=1&${mine}`)
  await ask('by size', `GET /volumes?sort=size:asc&${mine}`)
  await ask('by name, descending', `GET /volumes/detail?sort=name:desc&${mine}`)
  await ask('the old way', `GET /volumes?sort_key=size&sort_dir=desc&${mine}`)
  await ask('counted', `GET /volumes?limit=1&with_count=true&${mine}`, { version: '3.45' })
  await ask('by status', `GET /volumes?status=available&${mine}`)
  await ask('by size filter', `GET /volumes?size=3&${mine}`, { version: '3.31' })
  await ask('by part of the name', `GET /volumes?name~=${prefix}-p1`, { version: '3.34' })
  void second
})

const ofImage = scenario('block-storage', 'volume of an image', async (stage) => {
  const { ask, states, prefix } = stage
  const found = await stage.quiet('GET /images?name=tiny-image', { service: 'image' })
  const imageRef = found.at('images', 0, 'id')
  const id = await volume(stage, { name: `${prefix}-boot`, imageRef }, 'create')
  await states('creating', `GET /volumes/${id}`, volumeState, ['available', 'error'], { fleeting: ['downloading'] })
  await ask('show', `GET /volumes/${id}`)
  await ask('image metadata', `POST /volumes/${id}/action`, { body: { 'os-show_image_metadata': null } })
  await ask('bootable', `GET /volumes?bootable=true&name=${prefix}-boot`)
  await ask('not bootable', `GET /volumes?bootable=false&name=${prefix}-boot`, { version: '3.2' })
})

const attachments = scenario('block-storage', 'attachments', async (stage) => {
  const { ask, prefix } = stage
  const version = '3.54'
  const id = await volume(stage, { name: `${prefix}-att` })
  await ask('without volume', 'POST /attachments', { body: { attachment: {} }, version })
  await ask('of an unknown volume', 'POST /attachments', { body: { attachment: { volume_uuid: unknownId } }, version })
  const made = await ask('reserve', 'POST /attachments', {
    body: { attachment: { volume_uuid: id, instance_uuid: unknownId } },
    version,
  })
  const path = `/attachments/${made.at('attachment', 'id')}`
  stage.later(() => stage.quiet(`DELETE ${path}`, { version }))
  await ask('reserved', `GET /volumes/${id}`)
  await ask('reserve for another', 'POST /attachments', { body: { attachment: { volume_uuid: id } }, version })
  await ask('delete the volume', `DELETE /volumes/${id}`)
  await ask('show', `GET ${path}`, { version })
  await ask('list', `GET /attachments?volume_id=${id}`, { version })
  await ask('list in detail', `GET /attachments/detail?volume_id=${id}`, { version })
  await ask('show as another', `GET ${path}`, { version, as: 'other' })
  await ask('update with nothing', `PUT ${path}`, { body: { attachment: {} }, version })
  await ask('delete', `DELETE ${path}`, { version })
  await ask('deleted', `GET ${path}`, { version })
  await ask('available again', `GET /volumes/${id}`)
})

const quota = scenario('block-storage', 'quota', async (stage) => {
  const { ask, session } = stage
  const own = session.login('small').projectId
  await ask('quota set', `GET /os-quota-sets/${own}`, { as: 'small' })
  await ask('quota set with usage', `GET /os-quota-sets/${own}?usage=true`, { as: 'small' })
  await ask('defaults', `GET /os-quota-sets/${own}/defaults`, { as: 'small' })
  const made = await ask('first volume', 'POST /volumes', { as: 'small', body: { volume: { size: 1 } } })
  const path = `/volumes/${made.at('volume', 'id')}`
  const as = 'small'
  stage.later(async () => {
    await stage.until(`GET ${path}`, volumeState, ['available', 'error'], { as })
    await stage.quiet(`DELETE ${path}?cascade=true`, { as })
    await stage.until(`GET ${path}`, volumeState, [404], { as })
  })
  await ask('second volume', 'POST /volumes', { as, body: { volume: { size: 1 } } })
  await stage.until(`GET ${path}`, volumeState, ['available', 'error'], { as })
  await ask('extend beyond', `POST ${path}/action`, { as, body: { 'os-extend': { new_size: 3 } } })
  const snapped = await ask('snapshot counts', 'POST /snapshots', {
    as,
    body: { snapshot: { volume_id: made.at('volume', 'id') } },
  })
  await stage.until(`GET /snapshots/${snapped.at('snapshot', 'id')}`, snapshotState, ['available'], { as })
  await ask('second snapshot', 'POST /snapshots', { as, body: { snapshot: { volume_id: made.at('volume', 'id') } } })
  await ask('extend after the snapshot', `POST ${path}/action`, { as, body: { 'os-extend': { new_size: 2 } } })
  await ask('limits', 'GET /limits', { as })
})

/** Cinder over time. */
export const blockStorageSequences: readonly Scenario[] = [
  life,
  metadata,
  actions,
  snapshot,
  lists,
  ofImage,
  attachments,
  quota,
]
