import type { SpecRules } from './rule.ts'

const driver = 'packages/openstack-driver'
const methods = `${driver}/src/methods`
const planning = `${driver}/src/planning`
const createVm = `${methods}/create-vm.test.ts`
const server = `${methods}/create-vm/server.test.ts`
const stepOrder = `${methods}/create-vm/step-order.test.ts`
const anyRequest = `${methods}/create-vm/rollback.test.ts`
const memberships = `${methods}/create-vm/pool-memberships.test.ts`
const bootVolume = `${methods}/create-vm/boot-volume.test.ts`
const floatingIp = `${methods}/create-vm/floating-ip.test.ts`
const zoneFailover = `${methods}/create-vm/zone-failover.test.ts`
const undo = `${driver}/src/rollback/rollback.test.ts`
const mapError = `${driver}/src/errors/map-error.test.ts`
const userData = `${planning}/user-data.test.ts`
const serverMetadata = `${planning}/server-metadata.test.ts`
const setVmMetadata = `${methods}/set-vm-metadata.test.ts`
const flavorChoice = `${planning}/flavor-choice.test.ts`
const compatibility = `${driver}/test/compatibility.test.ts`

/** §7.4 of the driver's specification. */
export const createVmRules: SpecRules = {
  '7.4': [
    {
      rule: 'The request is checked, against the rules and against the cloud, before anything is made.',
      tests: [`${createVm} › %s, before anything is made`],
    },
    {
      rule: 'The combination of networks has to be allowed (§6.2).',
      tests: [`${planning}/network-plan.test.ts › refuses %s`],
    },
    {
      rule: 'Security groups are found before anything is made (§6.1).',
      tests: [`${createVm} › an unknown security group`],
    },
    {
      rule: 'The image is that of the CID, with or without ` light` behind it.',
      tests: [
        `${compatibility} › light stemcells with and without the suffix boot VMs; disks, snapshots and VMs are plain ids`,
      ],
    },
    {
      rule: 'A missing image is told by its id.',
      tests: [`${createVm} › a stemcell whose image is missing, or not active`],
    },
    {
      rule: 'An image that is not active is refused.',
      tests: [`${createVm} › a stemcell whose image is missing, or not active`],
    },
    {
      rule: 'The flavor goes by its name; one that is not there is told.',
      tests: [`${flavorChoice} › goes by name, else by id (§5.1)`, `${createVm} › an unknown flavor`],
    },
    {
      rule: 'An ephemeral disk of less than twice the RAM, in whole GiB, is refused, and the size that is needed is told.',
      tests: [
        `${server} › §7.4 an ephemeral disk too small for swap and data is refused, one that is large enough becomes a disk`,
        `${flavorChoice} › an ephemeral disk of %i GiB beside %i MiB of RAM is fine: %s`,
        `${flavorChoice} › names the size an ephemeral disk should have`,
      ],
    },
    {
      rule: "The key pair is the VM type's, else the configured one.",
      tests: [
        `${server} › the VM type's key pair wins over the configured one; it is asked for by its name`,
        `${createVm} › makes an active server with key pair, group, port and metadata`,
      ],
    },
    {
      rule: 'The key pair is asked for by its name; one that is not there is told.',
      tests: [
        `${server} › the VM type's key pair wins over the configured one; it is asked for by its name`,
        `${createVm} › an unknown key pair`,
      ],
    },
    {
      rule: 'Without any key pair the server is made without one.',
      tests: [`${createVm} › without a key pair the server has none`],
    },
    {
      rule: 'The boot volume is planned before anything is made (§8.2).',
      tests: [
        `${createVm} › a flavor without root disk`,
        `${planning}/boot-source.test.ts › §8.2 the volume has root_disk.size, else the flavor's`,
      ],
    },
    {
      rule: 'The zone is that of the VM type, of the disks, or any of a list (§6.8).',
      tests: [
        `${createVm} › stays in the zone of the disks it will get (§6.8)`,
        `${zoneFailover} › the next zone gets the VM, with the same port and MAC; the failed server is gone`,
      ],
    },
    {
      rule: 'Ports come before the server, floating IP and then memberships once it is active.',
      tests: [
        `${stepOrder} › §7.4 what is made comes in its order: ports, boot volume, server, once it is active floating IP and members`,
      ],
    },
    {
      rule: "The user data hold the agent's settings, as base64.",
      tests: [
        `${createVm} › contract §8.2, contract §8.3: the agent finds its settings in both places, its env unchanged`,
        `${userData} › is base64 of JSON in UTF-8`,
      ],
    },
    {
      rule: 'User data of more than 65535 bytes are refused, and nothing stays.',
      tests: [
        `${userData} › refuses more than 65535 bytes of base64`,
        `${server} › because its settings are larger than Nova takes: refused, and its port is removed`,
      ],
    },
    {
      rule: 'The server is asked for with name, flavor, image, key pair, user data, security groups, networks and metadata.',
      tests: [`${server} › ports by their ids alone; image, zone and drive only where wanted`],
    },
    {
      rule: 'Zone, config drive and scheduler hints are sent where they are wanted, and only there.',
      tests: [
        `${server} › zone, config drive and hints where wanted; a network that Nova makes the port for by its id`,
        `${server} › ports by their ids alone; image, zone and drive only where wanted`,
      ],
    },
    {
      rule: 'A boot volume takes the place of the image.',
      tests: [`${server} › no image beside a boot volume`, `${bootVolume} › with Nova 2.67 the mapping names the type`],
    },
    {
      rule: 'A NIC with a port of ours is named by the port alone, others by their network.',
      tests: [
        `${server} › ports by their ids alone; image, zone and drive only where wanted`,
        `${server} › zone, config drive and hints where wanted; a network that Nova makes the port for by its id`,
      ],
    },
    {
      rule: 'When there is nothing to say of networks, none are named.',
      tests: [`${server} › no networks where there is nothing to say of them`],
    },
    {
      rule: "The server says from the start whose it is: director, agent and call, and the operator's tags.",
      tests: [
        `${createVm} › makes an active server with key pair, group, port and metadata`,
        `${serverMetadata} › says who made the server and for which agent; tags of env and VM type are kept apart`,
      ],
    },
    {
      rule: 'The server is waited for until it is active.',
      tests: [
        `${createVm} › makes an active server with key pair, group, port and metadata`,
        `${server} › in time: it is removed although it is still building, and may be retried`,
      ],
    },
    {
      rule: "The floating IP of a vip network is mapped to the VM's port (§6.5).",
      tests: [`${floatingIp} › is mapped to the VM's port`],
    },
    {
      rule: 'The VM joins its pools, and each membership is recorded on the server as `lbaas_pool_<n>`.',
      tests: [`${memberships} › the VM becomes a member of each, and the server remembers it`],
    },
    {
      rule: 'With names for humans the first name is kept as `registry_key`.',
      tests: [
        `${setVmMetadata} › renames if and only if that is configured; the first name stays in the metadata`,
        `${serverMetadata} › remembers the first name if the server will be renamed`,
      ],
    },
    {
      rule: 'Later metadata are merged into those of the creation.',
      tests: [`${memberships} › the VM becomes a member of each, and the server remembers it`],
    },
    {
      rule: 'The answer is the CID and the networks, with `mac` where a port was made, and `use_dhcp`.',
      tests: [
        `${createVm} › the answer has the networks with the port's MAC, the agent's settings have it too`,
        `${userData} › keeps everything received and adds mac, in lower case, and use_dhcp`,
        `${createVm} › a dynamic network gets its port from Nova, and no MAC is claimed`,
      ],
    },
    {
      rule: 'A server whose creation was not answered is looked for by its name: one VM, or nothing.',
      tests: [
        `${anyRequest} › of create_vm, number %i: a VM or nothing`,
        `${driver}/src/http/create-once.test.ts › took effect: it is adopted, at once`,
      ],
    },
    {
      rule: 'After a 400 or 404 networks that do not exist are named, with the hint about subnet ids; not to be retried.',
      tests: [`${createVm} › a network that is a subnet`],
    },
    {
      rule: 'To be retried: no valid host and other faults of the hypervisor.',
      tests: [`${server} › for the fault "%s": worth a retry: %s`, `${createVm} › no valid host: to be retried`],
    },
    {
      rule: 'To be retried: a wait that took too long. The server is removed.',
      tests: [
        `${server} › in time: it is removed although it is still building, and may be retried`,
        `${mapError} › §7.4 create_vm: may the director try again?`,
      ],
    },
    {
      rule: 'To be retried: a 5xx.',
      tests: [
        `${server} › because POST /servers answers %i: worth a retry: %s`,
        `${mapError} › §7.4 create_vm: may the director try again?`,
      ],
    },
    {
      rule: 'Not to be retried: 400, 403, and what the configuration names but the cloud has not.',
      tests: [
        `${server} › because POST /servers answers %i: worth a retry: %s`,
        `${createVm} › %s, before anything is made`,
      ],
    },
    {
      rule: 'Not to be retried: a quota, also one that Nova meets only while it builds.',
      tests: [`${createVm} › a quota of %s: at once and for good`, `${server} › for the fault "%s": worth a retry: %s`],
    },
    {
      rule: 'Not to be retried: a pool that the VM cannot join.',
      tests: [
        `${memberships} › the second pool fails: the first membership and the server go, and it is not to be retried`,
      ],
    },
    {
      rule: 'A membership that cannot be recorded may be retried if Nova is at fault.',
      tests: [
        `${memberships} › §7.4 a membership that cannot be recorded: all goes, and it may be retried if Nova is at fault`,
      ],
    },
    {
      rule: 'Whichever request fails: a VM, or nothing at all.',
      tests: [
        `${anyRequest} › of create_vm, number %i: a VM or nothing`,
        `${createVm} › told to end while it waits: everything is removed again`,
      ],
    },
    {
      rule: 'The cleanup goes: memberships, server until it is gone, boot volume, ports, server group.',
      tests: [
        `${stepOrder} › §7.4 the cleanup goes from the last to the first: members, server until it is gone, boot volume, ports, group`,
      ],
    },
    {
      rule: 'When the second port fails, the first one goes.',
      tests: [`${createVm} › the second port fails: the first goes as well`],
    },
    {
      rule: 'The cleanup takes only ports that were made for the VM.',
      tests: [
        `${stepOrder} › §7.4 the cleanup removes the ports that were made for the VM, and no others of its server`,
      ],
    },
    {
      rule: 'The cleanup takes the server group only if it is empty.',
      tests: [
        `${stepOrder} › §7.4 the cleanup leaves a server group that has got another member meanwhile`,
        `${methods}/create-vm/server-group.test.ts › but a strict one does, and the group goes again`,
      ],
    },
    {
      rule: 'The cleanup takes only a boot volume that was made beforehand; it goes even if the server was never made.',
      tests: [
        `${bootVolume} › a volume that does not come to life is removed again`,
        `${zoneFailover} › each try with a typed boot volume makes its own, and removes it`,
      ],
    },
    {
      rule: 'A step of the cleanup that fails stops none of the others.',
      tests: [
        `${stepOrder} › §7.4 a cleanup step that fails stops none of the others, and is told behind the first error`,
        `${undo} › an undo that fails stops no other, and its failure is appended to %s, whose kind stays`,
      ],
    },
    {
      rule: 'The first error is raised, with what could not be removed behind it.',
      tests: [`${anyRequest} › §7.4 what cannot be removed is named behind the first error`],
    },
  ],
}
