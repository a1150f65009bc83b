import type { SpecRules } from './rule.ts'

const methods = 'packages/openstack-driver/src/methods'
const vmProperties = 'packages/openstack-driver/src/planning/vm-cloud-properties.test.ts'
const records = 'packages/openstack-driver/src/planning/pool-records.test.ts'
const pools = `${methods}/create-vm/pool-memberships.test.ts`
const changes = `${methods}/create-vm/pool-changes.test.ts`
const addresses = `${methods}/create-vm/pool-addresses.test.ts`

/** §6.6 of the driver's specification. */
export const loadBalancerRules: SpecRules = {
  '6.6': [
    {
      rule: 'Pools are those of Octavia where the cloud has it.',
      tests: [
        `${pools} › the VM becomes a member of each, and the server remembers it`,
        'tooling/e2e/suite/networking.test.ts › the VM joins its pools, and leaves them when it is deleted',
      ],
    },
    {
      rule: "Where the cloud has no Octavia they are those of Neutron's former extension.",
      tests: [`${pools} › on a cloud without Octavia by Neutron's former extension`],
    },
    {
      rule: 'A pool without a name or without a port is refused.',
      tests: [`${vmProperties} › a pool without a name`, `${vmProperties} › a pool without a port`],
    },
    {
      rule: 'Pools are asked for by name.',
      tests: [
        `${methods}/create-vm/cloud-properties.test.ts › §6.1, §6.4 to §6.6 groups, pools, floating IPs and VRRP ports are asked for by name or address, not read whole`,
      ],
    },
    {
      rule: 'A pool that does not exist is refused before anything is made.',
      tests: [`${methods}/create-vm.test.ts › an unknown pool`],
    },
    {
      rule: 'A name that several pools have is refused before anything is made.',
      tests: [`${pools} › a name that two pools have is refused before anything is made`],
    },
    {
      rule: "The member's address is the VM's in its default network.",
      tests: [
        `${addresses} › on several networks it is the address in the default one`,
        `${addresses} › of a NIC with two addresses it is the one of the default network`,
      ],
    },
    {
      rule: 'On a dynamic network it is the address that the server got.',
      tests: [`${pools} › on a dynamic network the address is learnt from the port`],
    },
    {
      rule: 'A dynamic default network beside other networks is an error.',
      tests: [`${addresses} › a dynamic default network beside another one: which address is meant would be a guess`],
    },
    {
      rule: "The member's subnet is the one that the address belongs to.",
      tests: [
        `${pools} › the VM becomes a member of each, and the server remembers it`,
        `${addresses} › on several networks it is the address in the default one`,
      ],
    },
    {
      rule: 'The load balancer is the one that the pool names, else the one of its only listener.',
      tests: [`${changes} › is known through the only listener where the pool does not name it`],
    },
    {
      rule: 'A pool of no load balancer, or of several, is refused, as no state could be watched.',
      tests: [`${changes} › %s: refused before anything is made, as its state cannot be watched`],
    },
    {
      rule: 'A member is made when the load balancer is active, and the call goes on when it is active again.',
      tests: [
        `${changes} › a change waits until the load balancer is active, and the call ends when it is active again`,
      ],
    },
    {
      rule: 'The member has the address, the port, the subnet and, where wanted, the monitoring port.',
      tests: [`${pools} › the VM becomes a member of each, and the server remembers it`],
    },
    {
      rule: 'A refusal because of another change is repeated, with pauses.',
      tests: [`${pools} › another change under way is waited for, with a pause`],
    },
    {
      rule: 'That ends with `state_timeout`.',
      tests: [
        `${changes} › one that never lets the change in: given up after state_timeout, with pauses, not to be retried`,
      ],
    },
    {
      rule: 'A member that has the same address, port and subnet already is adopted; any other is not.',
      tests: [
        `${pools} › a member with the same address and port is adopted`,
        `${pools} › a member with the same address and port in another subnet is not ours`,
      ],
    },
    {
      rule: 'A lost answer makes no second member.',
      tests: [`${pools} › a lost answer makes no second member`],
    },
    {
      rule: "The server's metadata has `lbaas_pool_<n>`, from 1, with the ids of pool and member.",
      tests: [
        `${records} › §6.6 a record is written and read in the form of the existing CPIs`,
        `${pools} › the VM becomes a member of each, and the server remembers it`,
      ],
    },
    {
      rule: 'The pools are in the metadata from the start, and each member as soon as it is made.',
      tests: [
        `${pools} › a membership is recorded before the next pool is joined, and the pool before the server exists`,
      ],
    },
    {
      rule: 'delete_vm removes the members that the metadata names, and waits until the load balancer is active.',
      tests: [
        `${pools} › a member that is recorded goes, whatever its address`,
        `${pools} › the VM becomes a member of each, and the server remembers it`,
        `${changes} › a change waits until the load balancer is active, and the call ends when it is active again`,
      ],
    },
    {
      rule: 'A member, pool or load balancer that is gone counts as removed.',
      tests: [
        `${changes} › a member that somebody removed`,
        `${pools} › a pool that is gone is no obstacle`,
        `${changes} › a load balancer that somebody removed`,
      ],
    },
    {
      rule: 'A removal that is refused because of another change is repeated.',
      tests: [`${changes} › a removal that is refused because of another change is repeated, not taken for done`],
    },
    {
      rule: 'Failures with pools are not to be retried.',
      tests: [
        `${pools} › the second pool fails: the first membership and the server go, and it is not to be retried`,
        `${changes} › one that never lets the change in: given up after state_timeout, with pauses, not to be retried`,
      ],
    },
    {
      rule: 'When the VM cannot be made after all, every membership that was made is removed.',
      tests: [`${pools} › the second pool fails: the first membership and the server go, and it is not to be retried`],
    },
    {
      rule: "delete_vm also removes members of these pools that have the VM's addresses, and no others.",
      tests: [
        `${pools} › whatever else of its pools has the VM's address goes, too; others' members stay`,
        `${pools} › a member that was never recorded is found by its address, which may be one of several`,
      ],
    },
    {
      rule: 'A membership that could not be removed keeps no server from being deleted; the repeated call makes up for it.',
      tests: [
        `${pools} › a membership that could not be removed: the server goes, its port stays until the repeated call succeeds`,
      ],
    },
  ],
}
