import { expect, test } from 'vitest'
import { networkCloud, refusal, unknownId } from '../../../test/network-client.ts'

const withGroup = async () => {
  const setUp = await networkCloud()
  const group = (await setUp.neutron('POST /security-groups', { security_group: { name: 'g' } })).body.security_group
  const rule = (values: object) =>
    setUp.neutron('POST /security-group-rules', {
      security_group_rule: { security_group_id: group.id, direction: 'ingress', ...values },
    })
  return { ...setUp, group, rule }
}

test('each project has a default group with four rules as soon as it looks', async () => {
  const { neutronOf } = await networkCloud()
  const { security_groups } = (await (await neutronOf('other'))('GET /security-groups')).body
  expect(security_groups.map((group) => group.name)).toEqual(['default'])
  const rules = security_groups[0]?.security_group_rules.map((rule) => `${rule.direction} ${rule.ethertype}`)
  expect(rules?.sort()).toEqual(['egress IPv4', 'egress IPv6', 'ingress IPv4', 'ingress IPv6'])
})

test('a new group lets everything out', async () => {
  const { group } = await withGroup()
  expect(group.security_group_rules.map((rule) => `${rule.direction} ${rule.ethertype}`)).toEqual(
    expect.arrayContaining(['egress IPv4', 'egress IPv6']),
  )
})

test('§9 names of groups may repeat, except the default one', async () => {
  const { neutron, idOf } = await withGroup()
  const create = (name: string) => neutron('POST /security-groups', { security_group: { name } })
  expect((await create('g')).status).toBe(201)
  expect((await neutron('GET /security-groups?name=g')).body.security_groups).toHaveLength(2)
  expect(refusal(await create('default'))).toEqual([
    409,
    'SecurityGroupDefaultAlreadyExists',
    'Default security group already exists.',
  ])
  const own = await idOf('security_groups', 'default')
  expect(refusal(await neutron(`PUT /security-groups/${own}`, { security_group: { name: 'x' } }))[1]).toBe(
    'SecurityGroupCannotUpdateDefault',
  )
})

test.each<[string, object, object]>([
  ['another description', { protocol: 'tcp' }, { protocol: 'tcp', description: 'd' }],
  ['a protocol by number', { protocol: 6 }, { protocol: 'TCP' }],
  ['the whole address space', {}, { remote_ip_prefix: '0.0.0.0/0' }],
  ['the family in small letters', {}, { ethertype: 'ipv4' }],
])('the same rule again is refused: %s', async (_, first, second) => {
  const { rule } = await withGroup()
  const { id } = (await rule(first)).body.security_group_rule
  expect(refusal(await rule(second))).toEqual([
    409,
    'SecurityGroupRuleExists',
    `Security group rule already exists. Rule id is ${id}.`,
  ])
})

test.each<[string, object, number, string]>([
  [
    'a range upside down',
    { protocol: 'tcp', port_range_min: 80, port_range_max: 70 },
    400,
    'SecurityGroupInvalidPortRange',
  ],
  ['half a range', { protocol: 'tcp', port_range_min: 80 }, 400, 'SecurityGroupInvalidPortRange'],
  ['ports without protocol', { port_range_min: 80, port_range_max: 80 }, 400, 'SecurityGroupProtocolRequiredWithPorts'],
  ['no port', { protocol: 'tcp', port_range_min: 1, port_range_max: 70_000 }, 400, 'SecurityGroupInvalidPortValue'],
  ['unknown protocol', { protocol: 'bogus' }, 400, 'SecurityGroupRuleInvalidProtocol'],
  ['unknown family', { ethertype: 'x' }, 400, 'SecurityGroupRuleInvalidEtherType'],
  [
    'prefix of another family',
    { ethertype: 'IPv6', remote_ip_prefix: '10.0.0.0/24' },
    400,
    'SecurityGroupRuleParameterConflict',
  ],
  ['no prefix', { remote_ip_prefix: 'x' }, 400, 'InvalidCIDR'],
  ['an ICMP code alone', { protocol: 'icmp', port_range_max: 0 }, 400, 'SecurityGroupMissingIcmpType'],
  ['a remote group that is not there', { remote_group_id: unknownId }, 404, 'SecurityGroupNotFound'],
])('a rule is refused: %s', async (_, values, status, type) => {
  const { rule } = await withGroup()
  expect(refusal(await rule(values)).slice(0, 2)).toEqual([status, type])
})

test('a group goes when no port uses it, and takes the rules that refer to it along', async () => {
  const { neutron, net, group, cloud, idOf } = await withGroup()
  const bosh = await idOf('security_groups', 'bosh')
  await neutron('POST /security-group-rules', {
    security_group_rule: { security_group_id: bosh, direction: 'ingress', remote_group_id: group.id },
  })
  const { port } = (await neutron('POST /ports', { port: { network_id: net, security_groups: [group.id] } })).body
  expect(refusal(await neutron(`DELETE /security-groups/${group.id}`))).toEqual([
    409,
    'SecurityGroupInUse',
    `Security Group ${group.id} in use.`,
  ])
  await neutron(`PUT /ports/${port.id}`, { port: { security_groups: [] } })
  expect((await neutron(`DELETE /security-groups/${group.id}`)).status).toBe(204)
  expect(Object.keys(cloud.leftovers())).toEqual(['ports'])
})

test.each(['no-uuid', unknownId])(
  'a rule for the remote group %s, which does not exist, is 404',
  async (remote_group_id) => {
    const { neutron } = await networkCloud()
    const { security_group: group } = (await neutron('POST /security-groups', { security_group: { name: 'g' } })).body
    const rule = { security_group_id: group.id, direction: 'ingress', protocol: 'tcp', remote_group_id }
    const answer = await neutron('POST /security-group-rules', { security_group_rule: rule })
    expect(refusal(answer)).toEqual([404, 'SecurityGroupNotFound', `Security group ${remote_group_id} does not exist`])
  },
)
