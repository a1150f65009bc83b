import { type Scenario, scenario, statusIn, table } from '../scenario.ts'
import type { Answer } from '../session.ts'
import { long, unknownId } from './unknown.ts'

const as = 'nobody'
const state = statusIn('status')
const patchType = { 'content-type': 'application/openstack-images-v2.1-json-patch' }
const bytes = { 'content-type': 'application/octet-stream' }

const requests = table('image', 'requests', [
  ['versions', 'GET //', undefined, { as }],
  ['versions by name', 'GET //versions', undefined, { as }],
  ['no token', 'GET /images', undefined, { as }],
  ['bad token', 'GET /images', undefined, { as: 'stranger' }],
  ['unknown path', 'GET /nosuchthing'],
  ['wrong method', 'PATCH /images', {}],
  ['schema of an image', 'GET /schemas/image', undefined, { list: 'shape' }],
  ['import methods', 'GET /info/import'],
  ['stores', 'GET /info/stores'],
  ['image', `GET /images/${unknownId}`],
  ['image no uuid', 'GET /images/notauuid'],
  ['delete', `DELETE /images/${unknownId}`],
  ['file', `GET /images/${unknownId}/file`],
  ['members', `GET /images/${unknownId}/members`],
  ['tag', `PUT /images/${unknownId}/tags/x`],
  ['limit no number', 'GET /images?limit=x'],
  ['limit negative', 'GET /images?limit=-1'],
  ['limit 0', 'GET /images?limit=0'],
  ['unknown marker', `GET /images?marker=${unknownId}`],
  ['unknown sort key', 'GET /images?sort_key=nope'],
  ['unknown direction', 'GET /images?sort_dir=up'],
  ['unknown status', 'GET /images?status=nope'],
  ['unknown visibility', 'GET /images?visibility=nope'],
  ['bad size filter', 'GET /images?size_min=x'],
  ['bad member status', 'GET /images?member_status=nope'],
  ['bad time filter', 'GET /images?created_at=nope'],
  ['unknown property as filter', 'GET /images?nosuch=1'],
  ['by name', 'GET /images?name=tiny-image'],
  ['several names', 'GET /images?name=in:tiny-image,nope'],
  ['create: broken JSON', 'POST /images', undefined, { text: '{"name": ' }],
  ['create: a list', 'POST /images', []],
  ['create: name a number', 'POST /images', { name: 5 }],
  ['create: name too long', 'POST /images', { name: long(256) }],
  ['create: bad disk format', 'POST /images', { name: 'x', disk_format: 'nope' }],
  ['create: bad container format', 'POST /images', { name: 'x', container_format: 'nope' }],
  ['create: bad visibility', 'POST /images', { name: 'x', visibility: 'nope' }],
  ['create: public by a tenant', 'POST /images', { name: 'x', visibility: 'public' }],
  ['create: min_disk a word', 'POST /images', { name: 'x', min_disk: 'x' }],
  ['create: min_disk negative', 'POST /images', { name: 'x', min_disk: -1 }],
  ['create: property a number', 'POST /images', { name: 'x', os_type: 5 }],
  ['create: read-only status', 'POST /images', { name: 'x', status: 'active' }],
  ['create: owner of another', 'POST /images', { name: 'x', owner: unknownId }],
  ['create: id no uuid', 'POST /images', { id: 'x' }],
  ['create: tags a text', 'POST /images', { name: 'x', tags: 'a' }],
])

const life = scenario('image', 'life of an image', async (stage) => {
  const { ask, quiet, states, prefix } = stage
  const name = `${prefix}-image`
  const made = await ask('create', 'POST /images', {
    body: { name, disk_format: 'raw', container_format: 'bare', min_disk: 1, os_type: 'linux', tags: ['b', 'a', 'a'] },
  })
  const path = `/images/${made.at('id')}`
  stage.later(() => quiet(`DELETE ${path}`))
  await ask('same id again', 'POST /images', { body: { id: made.at('id'), name } })
  await ask('show queued', `GET ${path}`)
  await ask('download queued', `GET ${path}/file`)
  await ask('upload with a wrong type', `PUT ${path}/file`, { text: 'abc', headers: { 'content-type': 'text/plain' } })
  await ask('upload', `PUT ${path}/file`, { text: 'abcdefgh', headers: bytes })
  await states('uploaded', `GET ${path}`, state, ['active', 'killed'], { fleeting: ['saving'] })
  await ask('upload again', `PUT ${path}/file`, { text: 'abc', headers: bytes })
  await ask('show active', `GET ${path}`)
  await ask('show as another', `GET ${path}`, { as: 'other' })
  await ask('by name and owner', `GET /images?name=${name}`)
  await ask('by property', `GET /images?os_type=linux&name=${name}`)
  await ask('by tag', `GET /images?tag=a&name=${name}`)
  const patch = (label: string, body: unknown, headers: Record<string, string> = patchType) =>
    ask(label, `PATCH ${path}`, { body, headers })
  await patch('rename', [{ op: 'replace', path: '/name', value: `${name}-2` }])
  await patch('add a property', [{ op: 'add', path: '/stemcell', value: '1' }])
  await patch('replace an unknown one', [{ op: 'replace', path: '/nosuch', value: '1' }])
  await patch('remove an unknown one', [{ op: 'remove', path: '/nosuch' }])
  await patch('remove the property', [{ op: 'remove', path: '/stemcell' }])
  await patch('all or nothing', [
    { op: 'add', path: '/x', value: '1' },
    { op: 'remove', path: '/nosuch' },
  ])
  await patch('read-only', [{ op: 'replace', path: '/status', value: 'queued' }])
  await patch('reserved', [{ op: 'add', path: '/os_glance_x', value: '1' }])
  await patch('deep path', [{ op: 'add', path: '/a/b', value: '1' }])
  await patch('unknown op', [{ op: 'move', path: '/name', value: 'x' }])
  await patch('no list', { op: 'add', path: '/x', value: '1' })
  await patch('no value', [{ op: 'add', path: '/x' }])
  await patch('as plain JSON', [{ op: 'add', path: '/x', value: '1' }], { 'content-type': 'application/json' })
  await patch('to public', [{ op: 'replace', path: '/visibility', value: 'public' }])
  await patch('protect', [{ op: 'replace', path: '/protected', value: true }])
  await ask('delete protected', `DELETE ${path}`)
  await patch('unprotect', [{ op: 'replace', path: '/protected', value: false }])
  await ask('tag', `PUT ${path}/tags/c`)
  await ask('untag', `DELETE ${path}/tags/c`)
  await ask('untag again', `DELETE ${path}/tags/c`)
  await ask('deactivate', `POST ${path}/actions/deactivate`)
  await ask('reactivate', `POST ${path}/actions/reactivate`)
  await ask('delete', `DELETE ${path}`)
  await ask('deleted', `GET ${path}`)
  await ask('delete again', `DELETE ${path}`)
})

const sharing = scenario('image', 'sharing', async (stage) => {
  const { ask, quiet, prefix, session } = stage
  const other = session.login('other').projectId
  const made = await quiet('POST /images', { body: { name: `${prefix}-shared`, visibility: 'shared' } })
  const path = `/images/${made.at('id')}`
  stage.later(() => quiet(`DELETE ${path}`))
  await ask('no members', `GET ${path}/members`)
  await ask('unseen by another', `GET ${path}`, { as: 'other' })
  await ask('add a member', `POST ${path}/members`, { body: { member: other } })
  await ask('add it again', `POST ${path}/members`, { body: { member: other } })
  await ask('no member named', `POST ${path}/members`, { body: {} })
  await ask('seen by the member', `GET ${path}`, { as: 'other' })
  await ask('not in its list', `GET /images?name=${prefix}-shared`, { as: 'other' })
  await ask('bad status', `PUT ${path}/members/${other}`, { as: 'other', body: { status: 'nope' } })
  await ask('accept by the owner', `PUT ${path}/members/${other}`, { body: { status: 'accepted' } })
  await ask('accept', `PUT ${path}/members/${other}`, { as: 'other', body: { status: 'accepted' } })
  await ask('in its list', `GET /images?name=${prefix}-shared`, { as: 'other' })
  await ask('deleted by the member', `DELETE ${path}`, { as: 'other' })
  await ask('member', `GET ${path}/members/${other}`)
  await ask('remove the member', `DELETE ${path}/members/${other}`)
  await ask('remove it again', `DELETE ${path}/members/${other}`)
})

const lists = scenario('image', 'pages and order', async (stage) => {
  const { ask, quiet, prefix } = stage
  for (const [i, size] of ['bbb', 'c', 'aa'].entries()) {
    const made = await quiet('POST /images', {
      body: { name: `${prefix}-${i}`, disk_format: 'raw', container_format: 'bare', page: prefix },
    })
    const path = `/images/${made.at('id')}`
    stage.later(() => quiet(`DELETE ${path}`))
    await quiet(`PUT ${path}/file`, { text: size, headers: bytes })
    await stage.session.pause(1000) // the order of a list goes by whole seconds
  }
  const mine = `page=${prefix}`
  await ask('newest first', `GET /images?${mine}`)
  const first = await ask('first page', `GET /images?limit=2&${mine}`)
  await ask('second page', `GET /${first.at('next').replace(/^\/v2\//, '')}`)
  await ask('exactly full', `GET /images?limit=3&${mine}`)
  await ask('by size', `GET /images?sort_key=size&sort_dir=asc&${mine}`)
  await ask('by name, newer form', `GET /images?sort=name:desc&${mine}`)
  await ask('both forms', `GET /images?sort=name:desc&sort_key=size&${mine}`)
  await ask('at least 2 bytes', `GET /images?size_min=2&${mine}`)
  await ask('private ones', `GET /images?visibility=private&${mine}`)
  await ask('shared ones', `GET /images?visibility=shared&${mine}`)
})

const imports = scenario('image', 'import', async (stage) => {
  const { ask, quiet, prefix, states } = stage
  const made = await quiet('POST /images', {
    body: { name: `${prefix}-import`, disk_format: 'raw', container_format: 'bare' },
  })
  const path = `/images/${made.at('id')}`
  stage.later(() => quiet(`DELETE ${path}`))
  const direct = { method: { name: 'glance-direct' } }
  await ask('nothing staged', `POST ${path}/import`, { body: direct })
  await ask('unknown method', `POST ${path}/import`, { body: { method: { name: 'nope' } } })
  await ask('no method', `POST ${path}/import`, { body: {} })
  await ask('stage', `PUT ${path}/stage`, { text: 'abc', headers: bytes })
  await ask('staged', `GET ${path}`)
  await ask('import', `POST ${path}/import`, { body: direct })
  await states('imported', `GET ${path}`, state, ['active', 'killed', 'queued'], {
    fleeting: ['uploading', 'importing'],
  })
})

/** A boot sector, alone or with one partition of 2048 sectors. */
function bootSector(hasPartition: boolean): Uint8Array<ArrayBuffer> {
  const sector = new Uint8Array(4096)
  sector.set([0x55, 0xaa], 510)
  if (hasPartition) sector.set([0x80, 0, 0, 0, 0x83, 0, 0, 0, 0, 8, 0, 0, 0, 8, 0, 0], 446)
  return sector
}

/** The header of an empty qcow2 image, version 2, of 1 MiB. */
function qcow2Header(): Uint8Array<ArrayBuffer> {
  const header = new Uint8Array(4096)
  header.set([0x51, 0x46, 0x49, 0xfb, 0, 0, 0, 2])
  header.set([16], 23) // bits of a cluster
  header.set([0x10, 0, 0], 29) // bytes of the disk
  return header
}

const contents = scenario('image', 'content', async (stage) => {
  const { ask, quiet, prefix, states } = stage
  const image = async (name: string, diskFormat: string): Promise<string> => {
    const made = await quiet('POST /images', {
      body: { name: `${prefix}-${name}`, disk_format: diskFormat, container_format: 'bare' },
    })
    const path = `/images/${made.at('id')}`
    stage.later(() => quiet(`DELETE ${path}`))
    return path
  }
  const cases = [
    ['qcow2 without its header', 'qcow2', new Uint8Array(4096)],
    ['qcow2', 'qcow2', qcow2Header()],
    ['vmdk that is a qcow2', 'vmdk', qcow2Header()],
    ['raw that is a qcow2', 'raw', qcow2Header()],
    ['raw with a boot sector without partitions', 'raw', bootSector(false)],
    ['raw with a boot sector and a partition', 'raw', bootSector(true)],
    ['qcow2 with a boot sector', 'qcow2', bootSector(true)],
  ] as const
  for (const [name, format, content] of cases) {
    const path = await image(name.replaceAll(' ', '-'), format)
    await ask(name, `PUT ${path}/file`, { bytes: content, headers: bytes })
    await ask(`${name}, then`, `GET ${path}`)
  }
  const staged = await image('staged', 'qcow2')
  await ask('stage a qcow2 without its header', `PUT ${staged}/stage`, { bytes: new Uint8Array(4096), headers: bytes })
  await ask('import it', `POST ${staged}/import`, { body: { method: { name: 'glance-direct' } } })
  const task = (answer: Answer): unknown => answer.at('tasks', 0, 'status')
  await states('imported', `GET ${staged}/tasks`, task, ['success', 'failure'], { fleeting: ['pending', 'processing'] })
  await ask('after the import', `GET ${staged}`, { fleetingFields: ['os_glance_import_task'] })
})

/** Glance. */
export const imageScenarios: readonly Scenario[] = [requests, life, sharing, lists, imports, contents]
