import { expect, test } from 'vitest'
import { userClient } from '../../../test/user-client.ts'
import { createFakeOpenStack } from '../../fake-openstack.ts'

const clients = async () => {
  const cloud = createFakeOpenStack()
  const client = (user: string) => userClient(cloud, user, '/network/v2.0')
  return { cloud, bosh: await client('bosh'), other: await client('other'), admin: await client('admin') }
}

test('an address scope belongs to its project, and administrators share it', async () => {
  const { admin, bosh, cloud, other } = await clients()
  const made = await bosh('POST', '/address-scopes', { address_scope: { name: 'a', ip_version: 4 } })
  const project_id = cloud.projectId('bosh')
  const { id } = made.json.address_scope
  const shown = { id, name: 'a', ip_version: 4, shared: false, project_id, tenant_id: project_id }
  expect(made).toEqual({ status: 201, json: { address_scope: shown } })
  expect((await other('GET', `/address-scopes/${id}`)).status).toBe(404)
  expect((await bosh('PUT', `/address-scopes/${id}`, { address_scope: { shared: true } })).status).toBe(403)
  expect((await admin('PUT', `/address-scopes/${id}`, { address_scope: { shared: true } })).status).toBe(200)
  expect((await other('GET', '/address-scopes')).json.address_scopes).toHaveLength(1)
  const unshared = await admin('PUT', `/address-scopes/${id}`, { address_scope: { shared: false } })
  expect(unshared.json.NeutronError.type).toBe('AddressScopeUpdateError')
  expect((await bosh('POST', '/address-scopes', { address_scope: { ip_version: 5 } })).status).toBe(400)
  expect((await bosh('PUT', `/address-scopes/${id}`, {})).status).toBe(400)
  expect((await bosh('PUT', '/address-scopes/nosuch', {})).status).toBe(400)
  expect((await bosh('PUT', '/address-scopes/nosuch/', {})).status).toBe(404)
  expect((await bosh('DELETE', `/address-scopes/${id}`)).status).toBe(204)
})

test('an address group takes and gives up addresses, each once and as a network', async () => {
  const { bosh } = await clients()
  const made = await bosh('POST', '/address-groups', { address_group: { name: 'g', addresses: ['10.0.0.1/24'] } })
  expect(made.json.address_group).toMatchObject({ name: 'g', addresses: ['10.0.0.0/24'], description: '' })
  expect(made.json.address_group).not.toHaveProperty('revision_number')
  const path = `/address-groups/${made.json.address_group.id}`
  const change = (verb: string, addresses: unknown) => bosh('PUT', `${path}/${verb}_addresses`, { addresses })
  expect((await change('add', ['192.168.0.1/32'])).json.address_group.addresses).toEqual([
    '10.0.0.0/24',
    '192.168.0.1/32',
  ])
  expect((await change('add', ['10.0.0.0/24'])).json.NeutronError.message).toContain("['10.0.0.0/24'] already exist")
  expect((await change('remove', ['10.1.0.0/24'])).status).toBe(404)
  expect((await change('remove', ['10.0.0.0/24'])).json.address_group.addresses).toEqual(['192.168.0.1/32'])
  expect((await change('add', ['x'])).json.NeutronError.type).toBe('AddrFormatError')
  expect((await change('add', undefined)).status).toBe(500)
  expect((await bosh('PUT', path, { address_group: { name: 'h' } })).json.address_group.name).toBe('h')
  const rule = { security_group_id: '', direction: 'ingress', remote_address_group_id: made.json.address_group.id }
  const { security_groups } = (await bosh('GET', '/security-groups')).json
  const refused = await bosh('POST', '/security-group-rules', {
    security_group_rule: { ...rule, security_group_id: security_groups[0].id },
  })
  expect(refused.status).toBe(501)
  expect((await bosh('DELETE', path)).status).toBe(204)
})

test('administrators see how many addresses of a network are used', async () => {
  const { admin, bosh, cloud } = await clients()
  const network = cloud.state().networks.find((one) => one.name === 'bosh-net')?.id
  const path = `/network-ip-availabilities/${network}`
  const before = (await admin('GET', path)).json.network_ip_availability
  expect(before.total_ips).toBeGreaterThan(before.used_ips)
  await bosh('POST', '/ports', { port: { network_id: network } })
  const after = (await admin('GET', `/network-ip-availabilities?network_id=${network}`)).json
  expect(after.network_ip_availabilities).toMatchObject([{ network_id: network, used_ips: before.used_ips + 1 }])
  expect((await bosh('GET', '/network-ip-availabilities')).json).toEqual({ network_ip_availabilities: [] })
  expect((await bosh('GET', path)).json.NeutronError.type).toBe('HTTPNotFound')
})

test('the IP availabilities of networks are paged by network, with the fields that the query names', async () => {
  const { admin } = await clients()
  const list = async (query: string): Promise<{ ids: string[]; rels: string[] }> => {
    const { json } = await admin('GET', `/network-ip-availabilities?${query}`)
    const rows: { network_id: string }[] = json.network_ip_availabilities
    const links: { rel: string }[] = json.network_ip_availabilities_links ?? []
    return { ids: rows.map((one) => one.network_id), rels: links.map(({ rel }) => rel) }
  }
  const { ids } = await list('')
  expect(ids.length).toBeGreaterThan(1)
  expect(await list('limit=1')).toEqual({ ids: ids.slice(0, 1), rels: ['next', 'previous'] })
  expect((await list(`limit=1&marker=${ids[0]}`)).ids).toEqual(ids.slice(1, 2))
  expect((await list(`limit=1&marker=${ids[1]}&page_reverse=True`)).ids).toEqual(ids.slice(0, 1))
  expect((await list('limit=1&page_reverse=True')).ids).toEqual(ids.slice(-1))
  expect((await list('limit=1&marker=nosuch')).ids).toEqual([])
  const named = (await admin('GET', '/network-ip-availabilities?fields=network_name&limit=1')).json
  expect(Object.keys(named.network_ip_availabilities[0])).toEqual(['network_name'])
})
