import type { SpecRules } from './rule.ts'

const methods = 'packages/openstack-driver/src/methods'
const planning = 'packages/openstack-driver/src/planning'
const createVm = `${methods}/create-vm.test.ts`
const groups = `${methods}/create-vm/security-group-ids.test.ts`
const groupLevels = `${planning}/security-groups.test.ts`
const inRequests = `${methods}/create-vm/cloud-properties.test.ts`
const networkPlan = `${planning}/network-plan.test.ts`
const portBody = `${planning}/nic-plan.test.ts`
const conflict = `${methods}/create-vm/address-conflict.test.ts`
const floatingIp = `${methods}/create-vm/floating-ip.test.ts`
const networkingSuite = 'tooling/e2e/suite/networking.test.ts'

/** §6.1 to §6.5 of the driver's specification. */
export const networkingRules: SpecRules = {
  '6.1': [
    {
      rule: "The VM's security groups replace all others.",
      tests: [`${groupLevels} › the VM's, in their order`],
    },
    {
      rule: 'Without them those of all networks count together: without doubles, sorted.',
      tests: [
        `${groupLevels} › else all networks' together, sorted`,
        `${groups} › the networks' groups when the VM has none, else the default ones; none at all: the cloud's default`,
      ],
    },
    {
      rule: 'Vip networks are among those networks.',
      tests: [`${networkPlan} › its security groups count as well (§6.1)`],
    },
    {
      rule: 'Without those, too, `default_security_groups` count.',
      tests: [
        `${groupLevels} › else the default ones`,
        `${groups} › the networks' groups when the VM has none, else the default ones; none at all: the cloud's default`,
      ],
    },
    {
      rule: 'An entry is a name or an id; the name comes first.',
      tests: [
        `${createVm} › security groups: names and ids, in two requests at most (§6.1)`,
        `${groups} › a group with the name of another one’s id: the name comes first`,
      ],
    },
    {
      rule: 'Groups are asked for by name, all in one request, not by a list of all groups.',
      tests: [
        `${createVm} › security groups: names and ids, in two requests at most (§6.1)`,
        `${inRequests} › §6.1, §6.4 to §6.6 groups, pools, floating IPs and VRRP ports are asked for by name or address, not read whole`,
        'packages/openstack-driver/test/large-tenant.test.ts › the same requests, one page of flavors more',
      ],
    },
    {
      rule: 'Only what looks like a UUID is looked for as an id, and only when no group has that name.',
      tests: [`${inRequests} › an entry that is no UUID is not looked for as an id`],
    },
    {
      rule: 'A group that is missing is named, and nothing is made.',
      tests: [`${createVm} › an unknown security group`, `${groups} › names in another spelling are not meant`],
    },
    {
      rule: "Of a name that groups of other projects have as well the project's own group is meant.",
      tests: [`${groups} › a name that another project's shared group has as well means the project's own`],
    },
    {
      rule: 'A name that several of the own groups have is refused; the error asks for an id and tells both.',
      tests: [`${groups} › a name that two of the project have: refused, both ids are told; an id is never ambiguous`],
    },
    {
      rule: 'Groups are looked up once in a call, however many servers are tried.',
      tests: [
        `${methods}/create-vm/zone-failover.test.ts › the failed server is gone before the next is asked for, and nothing is looked up anew`,
      ],
    },
    {
      rule: 'Ports of manual networks get the ids of the groups.',
      tests: [`${createVm} › makes an active server with key pair, group, port and metadata`],
    },
    {
      rule: 'The server is told the ids, which count for the NICs that Nova makes.',
      tests: [`${inRequests} › are told by id, and are those of the NICs that Nova makes`],
    },
    {
      rule: "An empty list is left out of the requests: the cloud's group `default` counts.",
      tests: [
        `${groups} › the networks' groups when the VM has none, else the default ones; none at all: the cloud's default`,
        `${portBody} › §6.1 an empty list of groups is left out, for it would mean "no group" to Neutron`,
      ],
    },
  ],
  '6.2': [
    {
      rule: 'A VM has a manual or a dynamic network.',
      tests: [`${networkPlan} › no network`, `${networkPlan} › only a vip`],
    },
    { rule: 'At most one network is dynamic.', tests: [`${networkPlan} › two dynamic`] },
    { rule: 'At most one network is a vip network.', tests: [`${networkPlan} › two vips`] },
    { rule: 'A manual network has `net_id`.', tests: [`${networkPlan} › no net_id`] },
    { rule: 'No two manual networks have the same `net_id`.', tests: [`${networkPlan} › one net_id twice`] },
    {
      rule: 'Members of one `nic_group` share their `net_id`.',
      tests: [
        `${networkPlan} › a nic_group is one port with all its single addresses; prefixes become address pairs`,
        `${networkPlan} › group over two nets`,
      ],
    },
    { rule: 'Networks of any other type are refused.', tests: [`${networkPlan} › unknown type`] },
    {
      rule: 'Several NICs, manual or dynamic, need `use_dhcp: false` and a config drive; otherwise creation fails for good.',
      tests: [
        `${networkPlan} › refuses several NICs with %s, whoever makes their ports`,
        `${inRequests} › config_drive of the VM type counts for the rule on several NICs, too (§6.2)`,
      ],
    },
    {
      rule: 'Whether an address is free and inside its subnet is left to Neutron.',
      tests: [
        `${createVm} › the second port fails: the first goes as well`,
        `${networkPlan} › keeps the order of the operator, dynamic networks among manual ones`,
      ],
    },
    {
      rule: 'All broken rules are told at once.',
      tests: [`${networkPlan} › tells all problems at once`],
    },
  ],
  '6.3': [
    {
      rule: 'Each manual network gets a port with its network, address, security groups and address pairs.',
      tests: [
        `${portBody} › §6.3 a port has network, addresses, groups and pairs`,
        `${createVm} › makes an active server with key pair, group, port and metadata`,
      ],
    },
    {
      rule: 'Ports and NICs are in the order of the networks, dynamic ones included.',
      tests: [
        `${networkPlan} › keeps the order of the operator, dynamic networks among manual ones`,
        `${createVm} › several NICs are in the order of the operator, each with its MAC; the config drive is asked for`,
      ],
    },
    {
      rule: 'Ports are made before the server: their MACs are in the answer and in the settings of the agent.',
      tests: [`${createVm} › the answer has the networks with the port's MAC, the agent's settings have it too`],
    },
    {
      rule: 'The server is given the ids of its ports.',
      tests: [`${inRequests} › a manual network is its port alone; a dynamic one its network`],
    },
    {
      rule: 'Where the address is taken by a leftover, the leftover is deleted and the port made.',
      tests: [
        `${conflict} › a port of an earlier failure`,
        `${conflict} › by a leftover, however the IPv6 address is spelt`,
        `${networkingSuite} › a leftover of a failed attempt is removed, a port of somebody else is not`,
      ],
    },
    {
      rule: 'A leftover is DOWN and has neither device nor owner.',
      tests: [`${conflict} › by a port with a name of ours that is %s: it stays`],
    },
    {
      rule: 'Holders of the address are looked for in its network only.',
      tests: [`${conflict} › only in its own network: others may have the same addresses`],
    },
    {
      rule: 'Only refusals because of the address lead to that, not every error.',
      tests: [`${conflict} › a refusal of type %s frees the address: %s`],
    },
    {
      rule: 'A port with an address that is configured for VRRP is never deleted.',
      tests: [`${conflict} › a port for the VRRP address`],
    },
    {
      rule: "A port whose name or tag says that it is somebody's stays: leftovers have a name of ours or none at all.",
      tests: [
        `${conflict} › the operator's reservation`,
        `${conflict} › by a port without a name, but with tags, %s`,
        `${conflict} › another director's port`,
      ],
    },
    {
      rule: 'A used-up quota of ports fails at once and for good.',
      tests: [`${conflict} › a quota of ports is no conflict: fatal at once`],
    },
    {
      rule: 'A server on its way out is waited for.',
      tests: [`${conflict} › by a server on its way out: it is waited for`],
    },
    {
      rule: 'After 60 s that wait is given up; another call may succeed.',
      tests: [
        `${conflict} › by a server that does not get on with its end: given up after a minute, worth another try`,
      ],
    },
    {
      rule: 'A server that stays is not touched, and the error names it.',
      tests: [`${conflict} › by a running server: refused for good; nothing of it is touched`],
    },
    {
      rule: 'Members of a `nic_group` are one port with an address each, and one MAC for all their networks.',
      tests: [
        `${createVm} › a nic_group is one dual-stack port with one MAC for both networks`,
        `${networkPlan} › a nic_group is one port with all its single addresses; prefixes become address pairs`,
        'tooling/e2e/suite/create-vm.test.ts › dual stack: one NIC with both addresses',
      ],
    },
    {
      rule: 'Delegated prefixes are allowed address pairs of that port.',
      tests: [
        `${networkPlan} › a nic_group is one port with all its single addresses; prefixes become address pairs`,
        `${networkPlan} › lonely prefix`,
      ],
    },
    {
      rule: 'Ports say whose they are, by description and by tags.',
      tests: [`${createVm} › makes an active server with key pair, group, port and metadata`],
    },
    {
      rule: 'No VM is given up for the tags of its ports.',
      tests: [`${inRequests} › are best effort: a refusal is a warning`],
    },
    {
      rule: 'A dynamic network gets no port from the CPI: the server is given the network.',
      tests: [
        `${inRequests} › a manual network is its port alone; a dynamic one its network`,
        `${createVm} › a dynamic network gets its port from Nova, and no MAC is claimed`,
      ],
    },
    {
      rule: "Without `net_id` the server is given no network, and Nova takes the project's only one.",
      tests: [
        `${inRequests} › without net_id Nova takes the project's only network, at %s`,
        `${networkPlan} › a single dynamic network without net_id lets Nova choose`,
      ],
    },
  ],
  '6.4': [
    {
      rule: 'VRRP addresses are for the port of the default network only.',
      tests: [`${networkPlan} › is for the default network only, and single addresses are checked`],
    },
    {
      rule: 'On a dynamic default network they are refused.',
      tests: [`${networkPlan} › is refused on a dynamic default network, and only there`],
    },
    {
      rule: 'Each address must be held by some port; otherwise nothing is made, and the error names the address.',
      tests: [
        `${createVm} › a VRRP address without a port`,
        `${createVm} › §6.4 a reserved VRRP address is found however it is spelt`,
        `${networkingSuite} › an address that a port reserves, and a range, become allowed address pairs; one nobody reserves is refused`,
      ],
    },
    {
      rule: 'With the check off nobody looks for such a port.',
      tests: [
        `${inRequests} › one more address goes on the port of the default network, with a check only where wanted (§6.4)`,
        `${networkPlan} › the check can be set %s`,
      ],
    },
    {
      rule: 'The addresses become allowed address pairs of the port.',
      tests: [
        `${inRequests} › one more address goes on the port of the default network, with a check only where wanted (§6.4)`,
        `${networkingSuite} › an address that a port reserves, and a range, become allowed address pairs; one nobody reserves is refused`,
      ],
    },
  ],
  '6.5': [
    {
      rule: 'The address is mapped once the server is active.',
      tests: [
        `${floatingIp} › is mapped to the VM's port`,
        `${floatingIp} › is taken from a VM that got it while ours was being made, and the log tells`,
      ],
    },
    {
      rule: 'The floating IP is asked for by its address.',
      tests: [
        `${inRequests} › §6.1, §6.4 to §6.6 groups, pools, floating IPs and VRRP ports are asked for by name or address, not read whole`,
      ],
    },
    { rule: 'A vip network without `ip` is refused.', tests: [`${networkPlan} › vip without address`] },
    {
      rule: 'An address that the project has not is refused.',
      tests: [`${createVm} › a vip network without a floating IP`],
    },
    {
      rule: 'An address that exists in several external networks is refused, and the error names them.',
      tests: [`${floatingIp} › that two external networks have: refused, both are named`],
    },
    {
      rule: 'The address moves from wherever it was with one request.',
      tests: [`${floatingIp} › moves from another VM with one request`],
    },
    {
      rule: 'Who had it before is not read: it need not be a server.',
      tests: [`${floatingIp} › comes from whatever had it, without a look at who that was`],
    },
    {
      rule: "It is mapped to the VM's port in the default network.",
      tests: [
        `${floatingIp} › with several networks it is the port in the default one, also where Nova made it`,
        `${networkPlan} › goes to the default NIC`,
      ],
    },
    {
      rule: 'A server without a port in that network is an error, and nothing stays.',
      tests: [`${floatingIp} › a server without a port in that network: an error, and nothing stays`],
    },
    {
      rule: 'For a dual-stack port the request names the IPv4 address.',
      tests: [`${floatingIp} › on a dynamic network the port is looked for; on a dual-stack port the IPv4 is meant`],
    },
    {
      rule: 'A refusal because the port is not reachable yet is repeated for some seconds.',
      tests: [`${floatingIp} › a port that the router sees late is waited for, some seconds (%i %s)`],
    },
    {
      rule: 'The CPI never releases the address.',
      tests: [`${floatingIp} › delete_vm never releases it`],
    },
    {
      rule: 'When another VM got the address while ours was made, the log tells.',
      tests: [`${floatingIp} › is taken from a VM that got it while ours was being made, and the log tells`],
    },
    {
      rule: 'When the VM cannot be made after all, the address goes back to where it was.',
      tests: [
        `${floatingIp} › goes back to where it was when the VM cannot be made after all`,
        `${floatingIp} › stays with a VM that got it before ours was given up`,
      ],
    },
  ],
}
