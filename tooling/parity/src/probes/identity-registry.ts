import { type Scenario, scenario } from '../scenario.ts'
import { unknownId } from './unknown.ts'

const as = 'admin'

const groups = scenario('identity', 'groups', async ({ ask, prefix, quiet, later, session }) => {
  const group = { name: `${prefix}-g`, description: 'd', domain_id: 'default' }
  await ask('list by a tenant', 'GET /groups')
  await ask('create by a tenant', 'POST /groups', { body: { group } })
  await ask('create, empty', 'POST /groups', { as, body: {} })
  await ask('create, nameless', 'POST /groups', { as, body: { group: {} } })
  await ask('create, name no text', 'POST /groups', { as, body: { group: { ...group, name: 1 } } })
  await ask('create, long name', 'POST /groups', { as, body: { group: { ...group, name: 'x'.repeat(65) } } })
  await ask('create, unknown domain', 'POST /groups', { as, body: { group: { ...group, domain_id: 'nosuch' } } })
  const made = await ask('create', 'POST /groups', { as, body: { group } })
  const id = made.at('group', 'id')
  later(() => quiet(`DELETE /groups/${id}`, { as }))
  await ask('create again', 'POST /groups', { as, body: { group } })
  await ask('show', `GET /groups/${id}`, { as })
  await ask('show by a tenant', `GET /groups/${id}`)
  await ask('show unknown', `GET /groups/${unknownId}`, { as })
  await ask('list', `GET /groups?name=${prefix}-g`, { as })
  await ask('list of a domain', `GET /groups?domain_id=nosuch`, { as })
  await ask('update', `PATCH /groups/${id}`, { as, body: { group: { description: 'e' } } })
  await ask('update, nothing', `PATCH /groups/${id}`, { as, body: { group: {} } })
  const user = session.login('other').userId
  const member = `/groups/${id}/users/${user}`
  await ask('not a member', `HEAD ${member}`, { as })
  await ask('add user', `PUT ${member}`, { as })
  await ask('add unknown user', `PUT /groups/${id}/users/${unknownId}`, { as })
  await ask('is a member', `HEAD ${member}`, { as })
  await ask('users', `GET /groups/${id}/users`, { as })
  await ask('groups of the user', `GET /users/${user}/groups`, { as })
  await ask('groups of the user by a tenant', `GET /users/${user}/groups`)
  const role = (await quiet('GET /roles?name=reader', { as })).at('roles', 0, 'id')
  const grant = `/projects/${session.login('small').projectId}/groups/${id}/roles/${role}`
  await ask('no role', `HEAD ${grant}`, { as })
  await ask('grant a role', `PUT ${grant}`, { as })
  await ask('has the role', `HEAD ${grant}`, { as })
  await ask('roles of the group', `GET ${grant.replace(/\/[^/]+$/, '')}`, { as })
  await ask('assignments of the group', `GET /role_assignments?group.id=${id}`, { as })
  await ask('projects of the user', `GET /users/${user}/projects`, { as, list: 'shape' })
  await ask('revoke the role', `DELETE ${grant}`, { as })
  await ask('revoke the role again', `DELETE ${grant}`, { as })
  await ask('assignments of an unknown group', `GET /role_assignments?group.id=${unknownId}`, { as })
  await ask('remove user', `DELETE ${member}`, { as })
  await ask('remove user again', `DELETE ${member}`, { as })
  await ask('delete', `DELETE /groups/${id}`, { as })
  await ask('delete again', `DELETE /groups/${id}`, { as })
})

const roles = scenario('identity', 'roles', async ({ ask, prefix, quiet, later, session }) => {
  const role = { name: `${prefix}-r`, description: 'd' }
  await ask('create by a tenant', 'POST /roles', { body: { role } })
  await ask('create, empty', 'POST /roles', { as, body: { role: {} } })
  await ask('create, long name', 'POST /roles', { as, body: { role: { name: 'x'.repeat(256) } } })
  const made = await ask('create', 'POST /roles', { as, body: { role } })
  const id = made.at('role', 'id')
  later(() => quiet(`DELETE /roles/${id}`, { as }))
  await ask('create again', 'POST /roles', { as, body: { role } })
  await ask('show', `GET /roles/${id}`, { as })
  await ask('list', `GET /roles?name=${prefix}-r`, { as })
  await ask('list of a domain', 'GET /roles?domain_id=nosuch', { as })
  await ask('update', `PATCH /roles/${id}`, { as, body: { role: { name: `${prefix}-s` } } })
  await ask('update unknown', `PATCH /roles/${unknownId}`, { as, body: { role: { description: 'x' } } })
  const grant = `/projects/${session.login('other').projectId}/users/${session.login('other').userId}/roles/${id}`
  await ask('not granted', `GET ${grant}`, { as })
  await ask('grant', `PUT ${grant}`, { as })
  await ask('granted', `GET ${grant}`, { as })
  await ask('revoke', `DELETE ${grant}`, { as })
  const onDomain = `/domains/default/users/${session.login('other').userId}/roles/${id}`
  await ask('not granted on the domain', `HEAD ${onDomain}`, { as })
  await ask('grant on the domain', `PUT ${onDomain}`, { as })
  await ask('roles on the domain', `GET ${onDomain.replace(/\/[^/]+$/, '')}`, { as })
  await ask('assignments on the domain', `GET /role_assignments?role.id=${id}`, { as })
  await ask('revoke on the domain', `DELETE ${onDomain}`, { as })
  await ask('delete', `DELETE /roles/${id}`, { as })
  await ask('delete again', `DELETE /roles/${id}`, { as })
})

const domains = scenario('identity', 'domains', async ({ ask, prefix, quiet, later }) => {
  const domain = { name: `${prefix}-d`, description: 'd', enabled: true }
  await ask('create by a tenant', 'POST /domains', { body: { domain } })
  await ask('create, empty', 'POST /domains', { as, body: { domain: {} } })
  await ask('create, enabled no boolean', 'POST /domains', { as, body: { domain: { ...domain, enabled: 'x' } } })
  const made = await ask('create', 'POST /domains', { as, body: { domain } })
  const id = made.at('domain', 'id')
  later(async () => {
    await quiet(`PATCH /domains/${id}`, { as, body: { domain: { enabled: false } } })
    await quiet(`DELETE /domains/${id}`, { as })
  })
  await ask('create again', 'POST /domains', { as, body: { domain } })
  await ask('show', `GET /domains/${id}`, { as })
  await ask('list', `GET /domains?name=${prefix}-d`, { as })
  await ask('list enabled', `GET /domains?name=${prefix}-d&enabled=true`, { as })
  await ask('list disabled', `GET /domains?name=${prefix}-d&enabled=false`, { as })
  await ask('update', `PATCH /domains/${id}`, { as, body: { domain: { description: 'e' } } })
  const project = await ask('project in it', 'POST /projects', {
    as,
    body: { project: { name: `${prefix}-p`, domain_id: id } },
  })
  later(() => quiet(`DELETE /projects/${project.at('project', 'id')}`, { as }))
  await ask('projects of it', `GET /projects?domain_id=${id}`, { as })
  await ask('delete while enabled', `DELETE /domains/${id}`, { as })
  await ask('disable', `PATCH /domains/${id}`, { as, body: { domain: { enabled: false } } })
  await ask('delete', `DELETE /domains/${id}`, { as })
  await ask('delete again', `DELETE /domains/${id}`, { as })
  await ask('project of a deleted domain', `GET /projects/${project.at('project', 'id')}`, { as })
})

const regions = scenario('identity', 'regions', async ({ ask, prefix, quiet, later }) => {
  const id = `${prefix}-r`
  await ask('create by a tenant', 'POST /regions', { body: { region: { id } } })
  await ask('create, unknown parent', 'POST /regions', { as, body: { region: { id, parent_region_id: 'nosuch' } } })
  await ask('create, id too long', 'POST /regions', { as, body: { region: { id: 'x'.repeat(256) } } })
  await ask('create', 'POST /regions', { as, body: { region: { id, description: 'd' } } })
  later(() => quiet(`DELETE /regions/${id}`, { as }))
  await ask('create again', 'POST /regions', { as, body: { region: { id } } })
  await ask('show', `GET /regions/${id}`, { as })
  await ask('show unknown', 'GET /regions/nosuch', { as })
  await ask('update', `PATCH /regions/${id}`, { as, body: { region: { description: 'e' } } })
  const child = await ask('child', 'POST /regions', { as, body: { region: { parent_region_id: id } } })
  later(() => quiet(`DELETE /regions/${child.at('region', 'id')}`, { as }))
  await ask('children', `GET /regions?parent_region_id=${id}`, { as })
  await ask('children of an unknown one', 'GET /regions?parent_region_id=nosuch', { as })
  await ask('put another', `PUT /regions/${id}-2`, { as, body: { region: { description: 'd' } } })
  later(() => quiet(`DELETE /regions/${id}-2`, { as }))
  await ask('put with another id', `PUT /regions/${id}-3`, { as, body: { region: { id: 'x' } } })
  await ask('delete the child', `DELETE /regions/${child.at('region', 'id')}`, { as })
  await ask('delete', `DELETE /regions/${id}`, { as })
  await ask('delete again', `DELETE /regions/${id}`, { as })
})

const services = scenario('identity', 'services and endpoints', async ({ ask, prefix, quiet, later }) => {
  const service = { name: `${prefix}-s`, type: `${prefix}-t`, description: 'd' }
  await ask('create by a tenant', 'POST /services', { body: { service } })
  await ask('create, empty', 'POST /services', { as, body: { service: {} } })
  await ask('create, type no text', 'POST /services', { as, body: { service: { ...service, type: 1 } } })
  await ask('create, enabled no boolean', 'POST /services', { as, body: { service: { ...service, enabled: 'x' } } })
  const made = await ask('create', 'POST /services', { as, body: { service } })
  const id = made.at('service', 'id')
  later(() => quiet(`DELETE /services/${id}`, { as }))
  await ask('show', `GET /services/${id}`, { as })
  await ask('show by a tenant', `GET /services/${id}`)
  await ask('show unknown', `GET /services/${unknownId}`, { as })
  await ask('list', `GET /services?type=${prefix}-t`, { as })
  await ask('list by name', `GET /services?name=${prefix}-s`, { as })
  await ask('list, none', 'GET /services?type=nosuch', { as })
  await ask('update', `PATCH /services/${id}`, { as, body: { service: { description: 'e' } } })
  const endpoint = { service_id: id, interface: 'public', region_id: 'RegionOne', url: 'http://example.com/x' }
  await ask('endpoint by a tenant', 'POST /endpoints', { body: { endpoint } })
  await ask('endpoint, nothing', 'POST /endpoints', { as, body: { endpoint: {} } })
  await ask('endpoint, bad interface', 'POST /endpoints', { as, body: { endpoint: { ...endpoint, interface: 'x' } } })
  await ask('endpoint, unknown service', 'POST /endpoints', {
    as,
    body: { endpoint: { ...endpoint, service_id: unknownId } },
  })
  await ask('endpoint, unknown region', 'POST /endpoints', {
    as,
    body: { endpoint: { ...endpoint, region_id: `${prefix}-n` } },
  })
  await ask('endpoint, bad url', 'POST /endpoints', { as, body: { endpoint: { ...endpoint, url: 'x' } } })
  const added = await ask('endpoint', 'POST /endpoints', { as, body: { endpoint } })
  const endpointId = added.at('endpoint', 'id')
  later(() => quiet(`DELETE /endpoints/${endpointId}`, { as }))
  await ask('show endpoint', `GET /endpoints/${endpointId}`, { as })
  await ask('show unknown endpoint', `GET /endpoints/${unknownId}`, { as })
  await ask('list endpoints', `GET /endpoints?service_id=${id}`, { as })
  await ask('list endpoints, internal', `GET /endpoints?service_id=${id}&interface=internal`, { as })
  await ask('list endpoints of a region', `GET /endpoints?service_id=${id}&region_id=nosuch`, { as })
  await ask('update endpoint', `PATCH /endpoints/${endpointId}`, {
    as,
    body: { endpoint: { url: 'http://example.com/y' } },
  })
  await ask('delete endpoint', `DELETE /endpoints/${endpointId}`, { as })
  await ask('delete endpoint again', `DELETE /endpoints/${endpointId}`, { as })
  await ask('delete', `DELETE /services/${id}`, { as })
  await ask('delete again', `DELETE /services/${id}`, { as })
})

/** What an administrator makes in Keystone. */
export const identityRegistryScenarios: readonly Scenario[] = [groups, roles, domains, regions, services]
