import { expect, test } from 'vitest'
import { userClient } from '../../../test/user-client.ts'
import { createFakeOpenStack } from '../../fake-openstack.ts'

const cinder = async () => {
  const cloud = createFakeOpenStack()
  const [admin, bosh] = await Promise.all(['admin', 'bosh'].map((user) => userClient(cloud, user, '/volume/v3')))
  if (!admin || !bosh) throw new Error('no clients')
  const make = async (name: string, specs: object = {}): Promise<string> =>
    (await admin('POST', '/qos-specs', { qos_specs: { name, ...specs } })).json.qos_specs.id
  return { admin, bosh, make }
}

test('an administrator creates, changes and deletes QoS specs; a tenant may not', async () => {
  const { admin, bosh } = await cinder()
  const body = { qos_specs: { name: ' fast ', consumer: 'front-end', read_iops_sec: '100', unset: null } }
  expect((await bosh('POST', '/qos-specs', body)).status).toBe(403)
  const made = await admin('POST', '/qos-specs', body)
  const { id } = made.json.qos_specs
  const shown = { id, name: 'fast', consumer: 'front-end', specs: { read_iops_sec: '100' } }
  expect(made).toMatchObject({ status: 200, json: { qos_specs: shown, links: [{ rel: 'self' }, { rel: 'bookmark' }] } })
  expect((await admin('POST', '/qos-specs', { qos_specs: { name: 'fast' } })).json).toEqual({
    conflictingRequest: { code: 409, message: 'QoS Specs fast already exists.' },
  })
  const changes = { qos_specs: { read_iops_sec: '200', more: 'x', consumer: 'both' } }
  expect(await admin('PUT', `/qos-specs/${id}`, changes)).toEqual({ status: 200, json: changes })
  expect((await admin('GET', '/qos-specs')).json.qos_specs).toEqual([
    { ...shown, consumer: 'both', specs: { read_iops_sec: '200', more: 'x' } },
  ])
  expect((await admin('DELETE', `/qos-specs/${id}`)).status).toBe(202)
  expect((await admin('DELETE', `/qos-specs/${id}`)).json.itemNotFound.message).toBe(`No such QoS spec ${id}.`)
})

test('wrong specs and consumers are refused in the words of Cinder', async () => {
  const { admin, make } = await cinder()
  const refusal = async (specs: object) =>
    (await admin('POST', '/qos-specs', { qos_specs: { name: 'x', ...specs } })).json.badRequest.message
  expect(await refusal({ n: 5 })).toBe('Invalid input received: Value for key "n" is not a string or unicode')
  expect(await refusal({ '': '1' })).toBe('Invalid input received: Key "" has 0 characters, less than 1.')
  expect(await refusal({ consumer: 'nope' })).toMatch(/^Invalid qos specs: Valid consumer of QoS specs are: /)
  expect(await refusal({ name: '' })).toBe("An invalid 'name' value was provided. The 'name' can not be None.")
  const id = await make('x')
  const changed = await admin('PUT', `/qos-specs/${id}`, { qos_specs: { consumer: 'nope' } })
  expect(changed.status).toBe(400)
})

test('keys are deleted up to the first one that is missing', async () => {
  const { admin, make } = await cinder()
  const id = await make('keys', { a: '1', b: '2', c: '3' })
  const drop = (...keys: string[]) => admin('PUT', `/qos-specs/${id}/delete_keys`, { keys })
  expect((await drop('a')).status).toBe(202)
  expect((await drop('b', 'gone', 'c')).json.itemNotFound.message).toBe(`QoS spec ${id} has no spec with key gone.`)
  expect((await admin('GET', `/qos-specs/${id}`)).json.qos_specs.specs).toEqual({ c: '3' })
})

test('a volume type has at most one QoS specs, which are not deleted before', async () => {
  const { admin, bosh, make } = await cinder()
  const [id, other] = [await make('one'), await make('two')]
  const { volume_type: type } = (await admin('POST', '/types', { volume_type: { name: 'ssd' } })).json
  const ask = (specs: string, verb: string) => admin('GET', `/qos-specs/${specs}/${verb}`)
  expect((await ask(id, 'associate')).json.badRequest.message).toBe('Volume Type id must not be None.')
  expect((await ask(id, 'associate?vol_type_id=nope')).status).toBe(404)
  expect((await ask(id, `associate?vol_type_id=${type.id}`)).status).toBe(202)
  expect((await ask(other, `associate?vol_type_id=${type.id}`)).json.badRequest.message).toBe(
    `Invalid volume type: Type ${type.id} is already associated with another qos specs: ${id}`,
  )
  expect((await ask(id, 'associations')).json.qos_associations).toEqual([
    { association_type: 'volume_type', name: 'ssd', id: type.id },
  ])
  expect((await admin('GET', `/types/${type.id}`)).json.volume_type.qos_specs_id).toBe(id)
  expect((await bosh('GET', `/types/${type.id}`)).json.volume_type).not.toHaveProperty('qos_specs_id')
  expect((await admin('DELETE', `/qos-specs/${id}`)).json.badRequest.message).toBe('Qos specs still in use.')
  expect((await ask(other, 'disassociate_all')).status).toBe(202)
  expect((await ask(id, `disassociate?vol_type_id=${type.id}`)).status).toBe(202)
  expect((await ask(id, 'associations')).json.qos_associations).toEqual([])
  expect((await ask(id, `associate?vol_type_id=${type.id}`)).status).toBe(202)
  expect((await admin('DELETE', `/qos-specs/${id}?force=true`)).status).toBe(202)
  expect((await admin('GET', `/types/${type.id}`)).json.volume_type.qos_specs_id).toBeNull()
})

test('the list of QoS specs has pages and no filter but the id', async () => {
  const { admin, make } = await cinder()
  const [first, second] = [await make('a'), await make('b')]
  const idsOf = async (query: string) =>
    (await admin('GET', `/qos-specs?${query}`)).json.qos_specs.map(({ id }: { id: string }) => id)
  expect(await idsOf('')).toEqual([second, first])
  expect(await idsOf('limit=1')).toEqual([second])
  expect(await idsOf(`marker=${second}`)).toEqual([first])
  expect(await idsOf(`id=${first}`)).toEqual([first])
  expect(await idsOf('name=a')).toEqual([])
  expect((await admin('GET', '/qos-specs?marker=nope')).json.itemNotFound.message).toBe('No such QoS spec nope.')
})
