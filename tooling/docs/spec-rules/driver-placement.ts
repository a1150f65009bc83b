import type { SpecRules } from './rule.ts'

const methods = 'packages/openstack-driver/src/methods'
const createVm = `${methods}/create-vm.test.ts`
const groups = `${methods}/create-vm/server-group.test.ts`
const zones = `${methods}/create-vm/zone-failover.test.ts`
const zonePlan = 'packages/openstack-driver/src/planning/az-order.test.ts'
const createDisk = `${methods}/create-disk.test.ts`
const placementSuite = 'tooling/e2e/suite/placement.test.ts'

/** §6.7 and §6.8 of the driver's specification. */
export const placementRules: SpecRules = {
  '6.7': [
    {
      rule: '`scheduler_hints.group` names a group that exists; it wins over `server_group` and is never removed.',
      tests: [`${groups} › scheduler_hints.group wins`],
    },
    {
      rule: 'A group that exists is found by its name, on whatever page it is.',
      tests: [
        `${groups} › is found on a later page, and not made twice`,
        `${groups} › is made on demand, shared by name, and removed with its last member`,
      ],
    },
    {
      rule: 'Otherwise it is made, with soft anti-affinity unless another policy is asked for.',
      tests: [
        `${groups} › is made on demand, shared by name, and removed with its last member`,
        `${placementSuite} › made with the first member, shared by the second, gone with the last`,
      ],
    },
    {
      rule: 'Soft policies are asked for with microversion 2.15.',
      tests: [`${groups} › a soft policy is asked for with the microversion that knows it`],
    },
    {
      rule: 'Processes that make it at the same time agree on the oldest and remove the others.',
      tests: [
        `${groups} › two processes that make it at the same time agree on the oldest`,
        `${groups} › a lost answer makes no second group`,
      ],
    },
    {
      rule: 'A policy alone names the group after the director and `env.bosh.group`.',
      tests: [`${groups} › a policy alone: the name is made of director and instance group`],
    },
    {
      rule: 'A full group with a soft policy: the VM boots without it, and a warning says so.',
      tests: [`${groups} › a full group keeps no VM from being made if the policy is soft`],
    },
    {
      rule: 'A full group with a strict policy: the VM is not made, for good.',
      tests: [`${groups} › but a strict one does, and the group goes again`],
    },
    {
      rule: 'The group goes with its last member, and stays as long as it has one.',
      tests: [
        `${groups} › is made on demand, shared by name, and removed with its last member`,
        `${placementSuite} › made with the first member, shared by the second, gone with the last`,
      ],
    },
    {
      rule: 'A group that cannot be removed is no failure of delete_vm.',
      tests: [`${groups} › a group that cannot be removed is no failure of delete_vm`],
    },
    {
      rule: 'Without `server_group` no group is made.',
      tests: [`${groups} › none is made unless it is asked for`],
    },
  ],
  '6.8': [
    {
      rule: 'A VM without disks, or with disks in its own zone, is made in its own zone.',
      tests: [`${zonePlan} › the VM's zone with disks in it`, `${zonePlan} › the VM's zone and host`],
    },
    {
      rule: 'A VM without a zone is made in the common zone of its disks.',
      tests: [
        `${createVm} › stays in the zone of the disks it will get (§6.8)`,
        `${zonePlan} › the disks' common zone`,
        `${placementSuite} › a VM goes where its disk is, and is refused where it cannot`,
      ],
    },
    {
      rule: 'Zones that differ are refused; the error names VM, disks, zones and the property that allows it.',
      tests: [
        `${zonePlan} › refuses what is apart, and names the property`,
        `${placementSuite} › a VM goes where its disk is, and is refused where it cannot`,
      ],
    },
    {
      rule: 'With `ignore_server_availability_zone` the zones of disks do not count.',
      tests: [`${createVm} › stays in the zone of the disks it will get (§6.8)`],
    },
    {
      rule: 'Disks that are not found do not count.',
      tests: [
        `${methods}/create-vm/cloud-properties.test.ts › §6.8 disks that are not found say nothing about the zone`,
      ],
    },
    {
      rule: 'A list of zones is tried in random order, each zone once.',
      tests: [`${zones} › the order is drawn by lot`, `${zonePlan} › property: every zone once, whatever the dice say`],
    },
    {
      rule: 'After a failure the server is removed completely before the next zone is tried.',
      tests: [
        `${zones} › the failed server is gone before the next is asked for, and nothing is looked up anew`,
        `${zones} › the next zone gets the VM, with the same port and MAC; the failed server is gone`,
        `${placementSuite} › a zone that fails is left for the next, with the same port and nothing left of the failed server`,
      ],
    },
    {
      rule: 'The ports are used again.',
      tests: [
        `${zones} › the next zone gets the VM, with the same port and MAC; the failed server is gone`,
        `${placementSuite} › a zone that fails is left for the next, with the same port and nothing left of the failed server`,
      ],
    },
    {
      rule: 'A port that went with the failed server is made anew.',
      tests: [`${zones} › a port that went with the failed server is made anew, and its MAC is the one told`],
    },
    {
      rule: 'A boot volume that the CPI made goes with the failed server; the next gets its own.',
      tests: [`${zones} › each try with a typed boot volume makes its own, and removes it`],
    },
    {
      rule: 'When all zones fail, the last error is raised and nothing stays.',
      tests: [
        `${zones} › when all zones fail the last error is raised, and nothing stays`,
        `${placementSuite} › no zone has room: the last error, worth a retry, and nothing stays`,
      ],
    },
    {
      rule: 'A failure that would be the same everywhere ends the search.',
      tests: [
        `${zones} › %s is the same everywhere: no other zone is tried`,
        `${zones} › a zone that is none is passed over`,
      ],
    },
    {
      rule: 'A disk is made in the zone of its VM unless that is ignored by configuration.',
      tests: [
        `${createDisk} › §6.8 the zone of the VM that will use it; the disk type's wins, and the configuration can forbid it`,
      ],
    },
    {
      rule: 'Where Cinder does not know the zone of the VM, the error names the property that takes no notice of it.',
      tests: [
        `${createDisk} › §6.8 a VM's zone that Cinder has not: the message names the property that takes no notice of it`,
      ],
    },
    {
      rule: "Where Cinder does not know the zone of the disk type, the error asks for one of Cinder's.",
      tests: [`${createDisk} › §6.8 a zone that is none of Cinder's: the message says what to do`],
    },
  ],
}
