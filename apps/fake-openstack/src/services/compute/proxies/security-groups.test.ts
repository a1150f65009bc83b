import { expect, test } from 'vitest'
import { userClient } from '../../../../test/user-client.ts'
import { createFakeOpenStack } from '../../../fake-openstack.ts'

const nova = async (release: 'zed' | '2025.1' = '2025.1') => {
  const cloud = createFakeOpenStack({ release })
  const bosh = await userClient(cloud, 'bosh', '', 'compute', '2.1')
  return (method: string, path: string, body?: unknown, version?: string) =>
    bosh(method, `/${path.startsWith('/v2.0') ? 'network' : 'compute/v2.1'}${path}`, body, version)
}

test('Nova creates, changes and deletes a security group in Neutron, up to 2.35', async () => {
  const call = await nova()
  const made = await call('POST', '/os-security-groups', { security_group: { name: 'web', description: 'd' } })
  const { id, tenant_id } = made.json.security_group
  expect(made).toEqual({
    status: 200,
    json: { security_group: { id, tenant_id, name: 'web', description: 'd', rules: [] } },
  })
  expect((await call('GET', `/v2.0/security-groups/${id}`)).json.security_group.name).toBe('web')
  const changed = await call('PUT', `/os-security-groups/${id}`, { security_group: { name: 'w', description: 'e' } })
  expect(changed.json.security_group).toMatchObject({ id, name: 'w', description: 'e' })
  const listed = await call('GET', '/os-security-groups')
  expect(listed.json.security_groups.map((one: { name: string }) => one.name)).toContain('w')
  expect((await call('GET', '/os-security-groups', undefined, '2.36')).status).toBe(404)
  expect((await call('DELETE', `/os-security-groups/${id}`)).status).toBe(202)
  expect((await call('GET', `/os-security-groups/${id}`)).status).toBe(404)
})

test.each([
  ['an id that is no uuid', '/os-security-groups/web', 'Security group id should be uuid'],
  [
    'a group that Neutron does not have',
    '/os-security-groups/11111111-2222-4333-8444-555555555555',
    'Security group 11111111-2222-4333-8444-555555555555 does not exist\nNeutron server returns request_ids',
  ],
])('Nova refuses %s', async (_, path, words) => {
  const { json } = await (await nova())('GET', path)
  expect((json.badRequest ?? json.itemNotFound).message).toContain(words)
})

test.each([
  [{ security_group: { description: 'd' } }, 'name is not a string or unicode'],
  [{ security_group: { name: 'a'.repeat(256), description: '' } }, 'name has 256 characters, more than 255.'],
  [{ other: {} }, 'Missing parameter security_group'],
  [{}, "The request body can't be empty"],
])('the Nova of Zed refuses the group %j', async (body, message) => {
  const call = await nova('zed')
  expect((await call('POST', '/os-security-groups', body)).json.badRequest.message).toBe(message)
})

test('Nova creates and deletes a rule, and shows the ports and the address space that Neutron leaves open', async () => {
  const call = await nova()
  const made = await call('POST', '/os-security-groups', { security_group: { name: 'web', description: '' } })
  const parent_group_id = made.json.security_group.id
  const rule = { parent_group_id, ip_protocol: 'tcp', from_port: 22, to_port: 22 }
  const added = await call('POST', '/os-security-group-rules', { security_group_rule: rule })
  expect(added.status).toBe(200)
  expect(added.json.security_group_rule).toEqual({
    ...rule,
    id: expect.any(String),
    group: {},
    ip_range: { cidr: '0.0.0.0/0' },
  })
  const again = await call('POST', '/os-security-group-rules', { security_group_rule: rule })
  expect(again.json.badRequest.message).toBe(`This rule already exists in group ${parent_group_id}`)
  const ping = { parent_group_id, ip_protocol: 'icmp', from_port: -1, to_port: -1, cidr: '10.0.0.0/8' }
  const icmp = await call('POST', '/os-security-group-rules', { security_group_rule: ping })
  expect(icmp.json.security_group_rule).toMatchObject({ from_port: -1, to_port: -1, ip_range: { cidr: '10.0.0.0/8' } })
  const own = { parent_group_id, group_id: parent_group_id, ip_protocol: 'udp', from_port: null, to_port: null }
  const grouped = await call('POST', '/os-security-group-rules', { security_group_rule: own })
  expect(grouped.json.security_group_rule).toMatchObject({ from_port: 1, to_port: 65535, group: { name: 'web' } })
  expect((await call('DELETE', `/os-security-group-rules/${added.json.security_group_rule.id}`)).status).toBe(202)
  const { rules } = (await call('GET', `/os-security-groups/${parent_group_id}`)).json.security_group
  expect(rules).toHaveLength(2)
})

test.each([
  [{ from_port: 10, to_port: 1 }, 'Invalid port range 10:1. Former value cannot be greater than the later'],
  [{ from_port: 0, to_port: 1 }, 'Invalid port range 0:1. Valid TCP ports should be between 1-65535'],
  [{ ip_protocol: 'xyz' }, 'Invalid IP protocol xyz.'],
  [{ cidr: '10.0.0.1' }, '10.0.0.1 is not a valid IP network.'],
  [{ cidr: '10.0.0.0/0' }, 'Bad prefix for network in cidr 10.0.0.0/0'],
  [{ from_port: null }, 'Not enough parameters to build a valid rule.'],
])('Nova refuses a rule with %j', async (asked, message) => {
  const call = await nova()
  const made = await call('POST', '/os-security-groups', { security_group: { name: 'web', description: '' } })
  const rule = { parent_group_id: made.json.security_group.id, ip_protocol: 'tcp', from_port: 1, to_port: 2, ...asked }
  const { json } = await call('POST', '/os-security-group-rules', { security_group_rule: rule })
  expect(json.badRequest.message).toBe(message)
})
