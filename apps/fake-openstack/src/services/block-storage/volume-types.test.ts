import { expect, test } from 'vitest'
import { userClient } from '../../../test/user-client.ts'
import { createFakeOpenStack } from '../../fake-openstack.ts'

const clients = async () => {
  const cloud = createFakeOpenStack()
  const client = (user: string) => userClient(cloud, user, '/volume/v3')
  return { cloud, admin: await client('admin'), bosh: await client('bosh') }
}

type Clients = Awaited<ReturnType<typeof clients>>

const newType = async ({ admin }: Clients, asked: object = {}): Promise<string> => {
  const { status, json } = await admin('POST', '/types', { volume_type: { name: 'ssd', ...asked } })
  expect(status).toBe(200)
  return json.volume_type.id
}

test('an administrator creates, changes and deletes a volume type; a tenant may not', async () => {
  const all = await clients()
  const { admin, bosh } = all
  expect((await bosh('POST', '/types', { volume_type: { name: 'ssd' } })).status).toBe(403)
  const made = await admin('POST', '/types', { volume_type: { name: 'ssd', extra_specs: { a: 'b' } } })
  const { id } = made.json.volume_type
  const shown = { id, name: 'ssd', description: null, is_public: true, extra_specs: { a: 'b' } }
  expect(made).toEqual({ status: 200, json: { volume_type: { ...shown, 'os-volume-type-access:is_public': true } } })
  expect((await admin('POST', '/types', { volume_type: { name: 'SSD' } })).json).toEqual({
    conflictingRequest: { code: 409, message: 'Volume Type SSD already exists.' },
  })
  expect((await admin('POST', '/types', { volume_type: { name: ' ' } })).json.badRequest.message).toBe(
    "An invalid 'name' value was provided. The 'name' can not be empty.",
  )
  const changed = await admin('PUT', `/types/${id}`, { volume_type: { name: 'nvme', description: 'd' } })
  expect(changed.json).toEqual({ volume_type: { ...shown, name: 'nvme', description: 'd' } })
  expect((await admin('PUT', `/types/${id}`, { volume_type: {} })).status).toBe(400)
  expect((await admin('DELETE', `/types/${id}`)).status).toBe(202)
  expect((await admin('DELETE', `/types/${id}`)).status).toBe(404)
})

test('a volume type that is the default or that a volume has is not deleted', async () => {
  const all = await clients()
  const { admin, bosh } = all
  const { volume_type: byDefault } = (await admin('GET', '/types/default')).json
  expect((await admin('DELETE', `/types/${byDefault.id}`)).json.badRequest.message).toBe(
    `The volume type ${byDefault.id} is a default volume type and cannot be deleted.`,
  )
  const id = await newType(all)
  expect((await bosh('POST', '/volumes', { volume: { size: 1, volume_type: 'ssd' } })).status).toBe(202)
  expect((await admin('DELETE', `/types/${id}`)).json.badRequest.message).toBe('Target volume type is still in use.')
  const specs = await admin('POST', `/types/${id}/extra_specs`, { extra_specs: { a: 'b' } })
  expect(specs.json.badRequest.message).toBe('Volume Type is currently in use.')
})

test('a private volume type is used by the projects that have access, and by no other', async () => {
  const all = await clients()
  const { admin, bosh, cloud } = all
  const id = await newType(all, { 'os-volume-type-access:is_public': false })
  const volume = { size: 1, volume_type: 'ssd' }
  const project = cloud.projectId('bosh')
  expect((await bosh('GET', `/types/${id}`)).status).toBe(404)
  expect((await bosh('POST', '/volumes', { volume })).status).toBe(404)
  expect((await bosh('POST', `/types/${id}/action`, { addProjectAccess: { project } })).status).toBe(403)
  expect((await admin('POST', `/types/${id}/action`, { addProjectAccess: { project } })).status).toBe(202)
  expect((await admin('POST', `/types/${id}/action`, { addProjectAccess: { project } })).status).toBe(409)
  expect((await admin('GET', `/types/${id}/os-volume-type-access`)).json).toEqual({
    volume_type_access: [{ volume_type_id: id, project_id: project }],
  })
  const names = (await bosh('GET', '/types')).json.volume_types.map((one: { name: string }) => one.name)
  expect(names).toContain('ssd')
  expect((await bosh('POST', '/volumes', { volume })).status).toBe(202)
  expect((await admin('POST', `/types/${id}/action`, { removeProjectAccess: { project } })).status).toBe(202)
  expect((await admin('POST', `/types/${id}/action`, { removeProjectAccess: { project } })).status).toBe(404)
  expect((await bosh('GET', `/types/${id}`)).status).toBe(404)
})

test('the access of a public volume type is neither shown nor changed', async () => {
  const all = await clients()
  const id = await newType(all)
  expect((await all.admin('GET', `/types/${id}/os-volume-type-access`)).json.itemNotFound.message).toBe(
    'Access list not available for public volume types.',
  )
  const action = { addProjectAccess: { project: all.cloud.projectId('bosh') } }
  expect((await all.admin('POST', `/types/${id}/action`, action)).json.badRequest.message).toBe(
    'Invalid volume type: Type access modification is not applicable to public volume type.',
  )
})

test('extra specs are added, changed and deleted one by one', async () => {
  const all = await clients()
  const { admin } = all
  const id = await newType(all)
  const path = `/types/${id}/extra_specs`
  expect(await admin('POST', path, { extra_specs: { a: 'b', multiattach: '<is> True' } })).toMatchObject({
    status: 200,
  })
  expect(await admin('PUT', `${path}/a`, { a: 'c' })).toEqual({ status: 200, json: { a: 'c' } })
  expect((await admin('PUT', `${path}/a`, { b: 'c' })).json.badRequest.message).toBe('Request body and URI mismatch')
  const cacheable = await admin('POST', path, { extra_specs: { cacheable: '<is> True' } })
  expect(cacheable.json.badRequest.message).toBe('cacheable cannot be set with multiattach.')
  expect((await all.bosh('DELETE', `${path}/a`)).status).toBe(403)
  expect((await admin('DELETE', `${path}/a`)).status).toBe(202)
  expect((await admin('DELETE', `${path}/a`)).status).toBe(404)
  expect((await admin('GET', path)).json).toEqual({ extra_specs: { multiattach: '<is> True' } })
})

test('a volume type has one encryption, and no volume is made with it', async () => {
  const all = await clients()
  const { admin, bosh } = all
  const id = await newType(all)
  const path = `/types/${id}/encryption`
  const encryption = { provider: 'luks', control_location: 'front-end', key_size: 256 }
  const made = await admin('POST', path, { encryption })
  const { encryption_id } = made.json.encryption
  expect(made).toEqual({ status: 200, json: { encryption: { ...encryption, encryption_id, volume_type_id: id } } })
  expect((await admin('POST', path, { encryption })).status).toBe(400)
  await admin('PUT', `${path}/${encryption_id}`, { encryption: { cipher: 'aes' } })
  expect((await admin('GET', path)).json).toMatchObject({ ...encryption, cipher: 'aes', deleted: false })
  expect((await admin('GET', `${path}/cipher`)).json).toEqual({ cipher: 'aes' })
  expect((await bosh('POST', '/volumes', { volume: { size: 1, volume_type: id } })).status).toBe(501)
  expect((await admin('DELETE', `${path}/${encryption_id}`)).status).toBe(202)
  expect((await admin('GET', path)).json).toEqual({})
  expect((await admin('DELETE', `${path}/${encryption_id}`)).status).toBe(404)
})

test('a volume of a type that asks for the backend of another vendor ends in error', async () => {
  const all = await clients()
  await newType(all, { extra_specs: { vendor_name: 'Acme' } })
  const { volume } = (await all.bosh('POST', '/volumes', { volume: { size: 1, volume_type: 'ssd' } })).json
  all.cloud.clock.advance('5s')
  expect((await all.bosh('GET', `/volumes/${volume.id}`)).json.volume.status).toBe('error')
})
