import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { get } from 'node:http'
import { expect, test } from 'vitest'
import type { FakeOpenStack } from '../../fake-interface.ts'
import { createFakeOpenStack } from '../../fake-openstack.ts'

const patchType = 'application/openstack-images-v2.1-json-patch'

interface Ask {
  method?: string
  body?: unknown
  type?: string
  user?: string
}

const client = async (cloud: FakeOpenStack) => {
  const tokens = new Map<string, string>()
  for (const user of ['bosh', 'other', 'admin']) tokens.set(user, await cloud.token(user))
  return async (path: string, { method = 'GET', body, type = 'application/json', user = 'bosh' }: Ask = {}) => {
    const response = await cloud.fetch(`${cloud.url}/image/v2${path}`, {
      method,
      headers: { 'x-auth-token': tokens.get(user) ?? '', 'content-type': type, accept: 'application/json' },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.startsWith('application/json')
    return { status: response.status, headers: response.headers, json: isJson ? JSON.parse(text) : undefined, text }
  }
}

const raw = { name: 'one', disk_format: 'raw', container_format: 'bare', os_type: 'linux' }
const upload = { method: 'PUT', type: 'application/octet-stream', body: 'content' }

test('§7.2 an image is queued until its upload, then active with size and hashes', async () => {
  const cloud = createFakeOpenStack({ keepUploads: true })
  const ask = await client(cloud)
  const made = await ask('/images', { method: 'POST', body: raw })
  expect(made.status).toBe(201)
  expect(made.json).toMatchObject({ status: 'queued', size: null, os_type: 'linux', visibility: 'shared' })
  const path = `/images/${made.json.id}`
  expect((await ask(`${path}/file`)).status).toBe(204)
  expect((await ask(`${path}/file`, { ...upload, type: 'application/json' })).status).toBe(415)
  expect((await ask(`${path}/file`, upload)).status).toBe(204)
  const md5 = createHash('md5').update('content').digest('hex')
  expect((await ask(path)).json).toMatchObject({ status: 'active', size: 7, virtual_size: 7, checksum: md5 })
  expect((await ask(`${path}/file`)).text).toBe('content')
  const again = await ask(`${path}/file`, upload)
  expect(again.status).toBe(409)
  expect(again.json.message).toBe('Image status transition from active to saving is not allowed<br /><br />\n\n\n')
})

test('an upload into an image without formats is 400 and names them', async () => {
  const ask = await client(createFakeOpenStack())
  const made = await ask('/images', { method: 'POST', body: { name: 'bare' } })
  const answer = await ask(`/images/${made.json.id}/file`, upload)
  expect(answer.status).toBe(400)
  expect(answer.json.message).toContain('Properties disk_format, container_format must be set prior to saving data.')
})

test('§9 a patch of several operations is all or nothing', async () => {
  const ask = await client(createFakeOpenStack())
  const { json } = await ask('/images', { method: 'POST', body: raw })
  const answer = await ask(`/images/${json.id}`, {
    method: 'PATCH',
    type: patchType,
    body: [
      { op: 'add', path: '/bar', value: '1' },
      { op: 'remove', path: '/nope' },
    ],
  })
  expect(answer.status).toBe(409)
  expect((await ask(`/images/${json.id}`)).json).not.toHaveProperty('bar')
})

test.each([
  ['another content type', 415, 'application/json', [{ op: 'add', path: '/a', value: 'b' }]],
  ['a read-only attribute', 403, patchType, [{ op: 'replace', path: '/id', value: 'x' }]],
  ['the removal of a fixed attribute', 403, patchType, [{ op: 'remove', path: '/name' }]],
  ['an unknown operation', 400, patchType, [{ op: 'test', path: '/name', value: 'x' }]],
  ['a number as property', 400, patchType, [{ op: 'add', path: '/a', value: 5 }]],
  ['no list', 400, patchType, { op: 'add' }],
  ['making it public as a tenant', 403, patchType, [{ op: 'replace', path: '/visibility', value: 'public' }]],
])('a patch with %s is %i', async (_what, status, type, body) => {
  const ask = await client(createFakeOpenStack())
  const { json } = await ask('/images', { method: 'POST', body: raw })
  expect((await ask(`/images/${json.id}`, { method: 'PATCH', type, body })).status).toBe(status)
})

test('a shared image is seen by its members only, and listed for them once accepted', async () => {
  const cloud = createFakeOpenStack()
  const ask = await client(cloud)
  const { json } = await ask('/images', { method: 'POST', body: raw })
  const path = `/images/${json.id}`
  expect((await ask(path, { user: 'other' })).status).toBe(404)
  const other = cloud.state()['projects']?.find((project) => 'name' in project && project.name === 'other')?.id ?? ''
  expect((await ask(`${path}/members`, { method: 'POST', body: { member: other } })).status).toBe(200)
  expect((await ask(path, { user: 'other' })).status).toBe(200)
  const names = async () =>
    (await ask('/images', { user: 'other' })).json.images.map((image: { name: string }) => image.name)
  expect(await names()).toEqual(['tiny-image'])
  await ask(`${path}/members/${other}`, { method: 'PUT', user: 'other', body: { status: 'accepted' } })
  expect(await names()).toEqual(['one', 'tiny-image'])
  const refused = await ask(path, { method: 'DELETE', user: 'other' })
  expect([refused.status, refused.json.message]).toEqual([
    403,
    'You are not authorized to complete delete_image action.<br /><br />\n\n\n',
  ])
})

test('a full page promises a next one, even if that is empty; an unknown marker is 400', async () => {
  const ask = await client(createFakeOpenStack({ pageSize: 2 }))
  for (const name of ['a', 'b', 'c']) await ask('/images', { method: 'POST', body: { ...raw, name } })
  const first = await ask('/images')
  expect(first.json.images.map((image: { name: string }) => image.name)).toEqual(['c', 'b'])
  const second = await ask(first.json.next.slice('/v2'.length))
  expect(second.json.images.map((image: { name: string }) => image.name)).toEqual(['a', 'tiny-image'])
  const third = await ask(second.json.next.slice('/v2'.length))
  expect(third.json).toMatchObject({ images: [] })
  expect(third.json).not.toHaveProperty('next')
  expect((await ask('/images?marker=nope')).status).toBe(400)
})

test('§9 a staged upload becomes active by glance-direct, over importing', async () => {
  const cloud = createFakeOpenStack()
  const ask = await client(cloud)
  const { json } = await ask('/images', { method: 'POST', body: raw })
  const path = `/images/${json.id}`
  const start = { method: 'POST', body: { method: { name: 'glance-direct' } } }
  expect((await ask(`${path}/import`, start)).status).toBe(409)
  await ask(`${path}/stage`, upload)
  expect((await ask(path)).json).toMatchObject({ status: 'uploading', size: 7, checksum: null })
  expect((await ask(`${path}/import`, start)).status).toBe(202)
  cloud.clock.advance('200ms')
  expect((await ask(path)).json.status).toBe('importing')
  cloud.clock.advance('1s')
  expect((await ask(path)).json).toMatchObject({ status: 'active', os_hash_algo: 'sha512' })
  expect((await ask(`${path}/tasks`)).json.tasks).toMatchObject([{ status: 'success' }])
})

test('§9 a fault rule leaves an upload stuck in saving', async () => {
  const cloud = createFakeOpenStack()
  const ask = await client(cloud)
  const { json } = await ask('/images', { method: 'POST', body: raw })
  cloud.faults.add({ match: { service: 'image', operation: 'images.upload' }, do: { state: { to: 'saving' } } })
  expect((await ask(`/images/${json.id}/file`, upload)).status).toBe(204)
  expect((await ask(`/images/${json.id}`)).json.status).toBe('saving')
  cloud.faults.assertAllHit()
})

test('WebOb answers JSON to those who accept it and a page to others; a wrong method names the right ones', async () => {
  const cloud = createFakeOpenStack()
  const headers = { 'x-auth-token': await cloud.token('bosh') }
  const page = await cloud.fetch(`${cloud.url}/image/v2/images/nope`, { headers })
  expect(page.headers.get('content-type')).toBe('text/html; charset=UTF-8')
  expect(await page.text()).toContain('<h1>404 Not Found</h1>\n  No image found with ID nope<br /><br />')
  const wrong = await cloud.fetch(`${cloud.url}/image/v2/images`, { method: 'DELETE', headers })
  expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'GET, POST'])
})

const olderType = 'application/openstack-images-v2.0-json-patch'

test.each<[number, string, object]>([
  [200, '', { replace: '/name', value: 'x' }],
  [200, '', { add: '/colour', value: 'red' }],
  [409, 'Property colour does not exist.', { remove: '/colour' }],
  [400, 'Operation "replace" requires a member named "value".', { replace: '/name' }],
  [
    400,
    'must contain exactly one member named "add", "remove", or "replace".',
    { op: 'replace', path: '/name', value: 'x' },
  ],
  [400, 'must contain only one member named "add", "remove", or "replace".', { add: '/a', replace: '/a', value: 'x' }],
  [500, 'The server has either erred', { replace: 5, value: 'x' }],
])('in the older form of a patch the operation is the key of its path: %i %s', async (status, message, change) => {
  const ask = await client(createFakeOpenStack())
  const { json } = await ask('/images', { method: 'POST', body: raw })
  const answer = await ask(`/images/${json.id}`, { method: 'PATCH', type: olderType, body: [change] })
  expect(answer.status).toBe(status)
  expect(answer.json.message ?? '').toContain(message)
})

test.each(['DELETE', 'PUT', 'GET'])('%s of the images with a slash at the end finds nothing', async (method) => {
  const ask = await client(createFakeOpenStack())
  expect((await ask('/images/', { method })).status).toBe(404)
})

test('a refusal is plain text for a client that accepts nothing in particular', async () => {
  const cloud = createFakeOpenStack()
  const { url } = await cloud.listen()
  const asked = get(`${url}/image/v2/images/none`, { headers: { 'x-auth-token': await cloud.token('bosh') } })
  const [answer] = await once(asked, 'response')
  answer.resume()
  await cloud.close()
  expect(answer.headers['content-type']).toBe('text/plain; charset=UTF-8')
})
