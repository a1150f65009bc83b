import type { SpecRules } from './rule.ts'

const methods = 'packages/openstack-driver/src/methods'
const planning = 'packages/openstack-driver/src/planning'
const vmProperties = `${planning}/vm-cloud-properties.test.ts`
const inRequests = `${methods}/create-vm/cloud-properties.test.ts`
const networkPlan = `${planning}/network-plan.test.ts`

/** §5 of the driver's specification. */
export const cloudPropertyRules: SpecRules = {
  '5.1': [
    {
      rule: '`instance_type` is required.',
      tests: [`${vmProperties} › no instance type`],
    },
    {
      rule: '`instance_type` is the name of a flavor, or the id of one where no name matches.',
      tests: [
        `${planning}/flavor-choice.test.ts › goes by name, else by id (§5.1)`,
        `${inRequests} › instance_type may be the id of a flavor`,
        `${methods}/create-vm.test.ts › an unknown flavor`,
      ],
    },
    {
      rule: '`availability_zone` goes to Nova as it is, also as `zone:host`.',
      tests: [`${inRequests} › availability_zone is passed on as it is, also with a host`, `${vmProperties} › a zone`],
    },
    {
      rule: '`availability_zones` is a list to try in random order.',
      tests: [`${methods}/create-vm/zone-failover.test.ts › the order is drawn by lot`],
    },
    {
      rule: '`availability_zones` and `availability_zone` exclude each other.',
      tests: [`${vmProperties} › one zone and several`],
    },
    {
      rule: 'A list of zones, even of one, demands `ignore_server_availability_zone: true`.',
      tests: [
        `${vmProperties} › a list of one zone without leave`,
        `${vmProperties} › a list of zones, without doubles, if servers and disks may be apart`,
      ],
    },
    {
      rule: '`key_name` wins over `default_key_name`.',
      tests: [
        `${inRequests} › key_name wins over the configured one`,
        `${methods}/create-vm.test.ts › an unknown key pair`,
      ],
    },
    {
      rule: '`security_groups` that are no array are refused.',
      tests: [`${vmProperties} › security groups that are no array`],
    },
    {
      rule: '`scheduler_hints` is a hash and goes to Nova as hints, an existing server group among them.',
      tests: [
        `${methods}/create-vm/server-group.test.ts › scheduler_hints.group wins`,
        `${vmProperties} › hints that are no hash`,
      ],
    },
    {
      rule: '`root_disk.size` is a whole number of GiB, at least 1, and the size of the boot volume.',
      tests: [
        `${vmProperties} › a root disk of half a GiB`,
        `${vmProperties} › a root disk of nothing`,
        `${methods}/create-vm/boot-volume.test.ts › with Nova 2.67 the mapping names the type`,
      ],
    },
    {
      rule: '`root_disk` has no effect without boot from volume, and a warning says so.',
      tests: [`${methods}/create-vm/boot-volume.test.ts › root_disk without boot from volume: a warning`],
    },
    {
      rule: '`root_disk.volume_type`, or `root_disk.type`, is the Cinder type of the boot volume.',
      tests: [
        `${vmProperties} › a root disk volume_type`,
        `${methods}/create-vm/boot-volume.test.ts › with an older Nova the volume is made beforehand`,
        'tooling/e2e/suite/placement.test.ts › a boot volume of a type',
      ],
    },
    {
      rule: '`boot_from_volume` of the VM type wins over the configuration.',
      tests: [
        `${methods}/create-vm/boot-volume.test.ts › the configuration can turn it on, and give the type; the VM type has the last word`,
      ],
    },
    {
      rule: '`loadbalancer_pools` is an array of name, port and, if wanted, monitoring port.',
      tests: [
        `${vmProperties} › pools`,
        `${methods}/create-vm/pool-memberships.test.ts › the VM becomes a member of each, and the server remembers it`,
      ],
    },
    {
      rule: "`allowed_address_pairs` as text is one more address of the default network's port, and of no other port.",
      tests: [
        `${inRequests} › one more address goes on the port of the default network, with a check only where wanted (§6.4)`,
        `${networkPlan} › is for the default network only, and single addresses are checked`,
      ],
    },
    {
      rule: '`allowed_address_pairs` as array has addresses, CIDRs and pairs of address and MAC.',
      tests: [
        `${vmProperties} › several, with MAC and CIDR`,
        `${planning}/nic-plan.test.ts › §6.3 a port has network, addresses, groups and pairs`,
        `${vmProperties} › an address that is none`,
      ],
    },
    {
      rule: '`vrrp_port_check` is read from the VM type and from the network; the VM type wins, and it is on by default.',
      tests: [
        `${networkPlan} › the check can be set %s`,
        `${networkPlan} › is for the default network only, and single addresses are checked`,
      ],
    },
    {
      rule: 'Properties that the CPI does not use, such as `ephemeral_disk`, are no mistake.',
      tests: [`${vmProperties} › keys it does not know`],
    },
    {
      rule: '`server_group` is a name, a policy, or a hash of both.',
      tests: [
        `${vmProperties} › a group by policy`,
        `${vmProperties} › a group by name`,
        `${vmProperties} › a group by both`,
      ],
    },
    {
      rule: '`metadata` and `tags` are on the server from its creation on.',
      tests: [`${methods}/create-vm.test.ts › tags and metadata are there from the first moment (§5.1)`],
    },
    {
      rule: '`config_drive` of the VM type wins over the configuration, on and off.',
      tests: [`${inRequests} › config_drive: %s wins over the configured %s`],
    },
    {
      rule: 'All mistakes in the cloud properties of a VM are told at once, and nothing is made.',
      tests: [`${vmProperties} › everything at once`],
    },
  ],
  '5.2': [
    {
      rule: 'A manual network needs `net_id`.',
      tests: [`${networkPlan} › no net_id`, `${networkPlan} › empty net_id`],
    },
    {
      rule: '`net_id` is the id of a network; for the id of a subnet the error says so.',
      tests: [`${methods}/create-vm.test.ts › a network that is a subnet`],
    },
    {
      rule: '`security_groups` of networks are an array and count where the VM type names none.',
      tests: [
        `${networkPlan} › security groups as text`,
        `${methods}/create-vm/security-group-ids.test.ts › the networks' groups when the VM has none, else the default ones; none at all: the cloud's default`,
      ],
    },
    {
      rule: '`vrrp_port_check: false` of the network turns the check of its VRRP addresses off; it is on by default.',
      tests: [
        `${networkPlan} › in the network`,
        `${networkPlan} › is for the default network only, and single addresses are checked`,
      ],
    },
    {
      rule: '`subnet_id` chooses the subnet of the address, also on a dynamic network.',
      tests: [
        `${networkPlan} › members of a nic_group keep their own subnets; other properties come from the first that has them`,
        `${networkPlan} › a dynamic network with a property of ports gets a port whose address Neutron picks (§5.2)`,
        `${planning}/nic-plan.test.ts › §6.3 a port has network, addresses, groups and pairs`,
      ],
    },
    {
      rule: '`port_security_enabled: false` makes a port without security groups and address pairs.',
      tests: [
        `${planning}/nic-plan.test.ts › §5.2 without port security there are neither groups nor pairs`,
        `${networkPlan} › a port without port security has no pairs (§5.2)`,
        'tooling/e2e/suite/networking.test.ts › port security off: no groups, no pairs',
      ],
    },
    {
      rule: '`vnic_type`, `binding_profile`, `qos_policy_id` and `dns_name` are given to the port.',
      tests: [
        `${networkPlan} › %s is for the port, also on a dynamic network (§5.2)`,
        `${planning}/nic-plan.test.ts › §5.2 passes on vnic type, binding profile, QoS policy and DNS name`,
      ],
    },
    {
      rule: 'A vip network with `allocate` and `network` gets its floating IP allocated if the project has none with that address.',
      tests: [
        `${methods}/create-vm/floating-ip.test.ts › is allocated from the external network where that is wished and allowed, and stays with the project (§5.2), by %s`,
        `${methods}/create-vm/floating-ip.test.ts › allocation of an address that the policy does not allow says so, and leaves nothing`,
        `${networkPlan} › allocation from nowhere`,
      ],
    },
    {
      rule: 'Floating IPs are not allocated unless that is asked for.',
      tests: [`${methods}/create-vm.test.ts › a vip network without a floating IP`],
    },
  ],
  '5.3': [
    {
      rule: '`type` of the disk type is the Cinder volume type; else `default_volume_type`; else the cloud chooses.',
      tests: [
        `${methods}/create-disk.test.ts › §5.3 type and zone of the disk type; else the configured type`,
        `${methods}/create-disk.test.ts › an unknown type is named`,
      ],
    },
    {
      rule: "`availability_zone` of the disk type wins over the VM's zone.",
      tests: [
        `${methods}/create-disk.test.ts › §6.8 the zone of the VM that will use it; the disk type's wins, and the configuration can forbid it`,
      ],
    },
    {
      rule: '`scheduler_hints` go to Cinder as its scheduler hints.',
      tests: [`${methods}/create-disk.test.ts › §5.3 scheduler hints go to Cinder`],
    },
    {
      rule: 'All mistakes in the cloud properties of a disk are told at once.',
      tests: [`${planning}/disk-plan.test.ts › all that is wrong at once`],
    },
  ],
}
