import { expect, test } from 'vitest'
import { userClient } from '../../../test/user-client.ts'
import { createFakeOpenStack } from '../../fake-openstack.ts'

const administrator = () => userClient(createFakeOpenStack(), 'admin', '/identity/v3')

test('a project that acts as a domain is a domain, and is changed and deleted as either', async () => {
  const keystone = await administrator()
  const { status, json } = await keystone('POST', '/projects', { project: { name: ' d ', is_domain: true, note: 'x' } })
  const { id } = json.project
  expect(status).toBe(201)
  expect(json.project).toMatchObject({ name: 'd', is_domain: true, domain_id: null, parent_id: null, note: 'x' })
  expect(json.project.links.self).toMatch(`/v3/projects/${id}`)
  expect((await keystone('GET', `/domains/${id}`)).json.domain).toMatchObject({ name: 'd', enabled: true })
  const listed = (await keystone('GET', '/projects?is_domain=True')).json.projects
  expect(listed.map((one: { id: string }) => one.id)).toContain(id)
  const path = `/projects/${id}`
  expect((await keystone('DELETE', path)).json.error.message).toMatch('Cannot delete a domain that is enabled')
  expect((await keystone('PATCH', path, { project: { is_domain: false } })).status).toBe(400)
  expect((await keystone('PATCH', path, { project: { parent_id: 'default' } })).status).toBe(403)
  const changed = await keystone('PATCH', path, { project: { enabled: false } })
  expect(changed.json.project).toMatchObject({ enabled: false, is_domain: true, extra: { note: 'x' } })
  expect((await keystone('DELETE', path)).status).toBe(204)
  expect((await keystone('GET', `/domains/${id}`)).status).toBe(404)
})

test('a project that acts as a domain has no parent, and a name that no domain has', async () => {
  const keystone = await administrator()
  const refusal = async (project: object) => (await keystone('POST', '/projects', { project })).json.error
  expect(await refusal({ name: 'd', is_domain: true, domain_id: 'default' })).toMatchObject({
    code: 400,
    message: 'only root projects are allowed to act as domains.',
  })
  expect((await refusal({ name: 'd', is_domain: true, parent_id: 'default' })).code).toBe(400)
  expect((await refusal({ name: 'Default', is_domain: true })).code).toBe(409)
})
