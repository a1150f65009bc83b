import { disks } from './driver-disks.ts'
import { fake } from './driver-fake.ts'
import { preflight } from './driver-preflight.ts'
import type { SpecRules } from './rule.ts'
import { testsOf, testsOfMethod, testsOfPlan } from './tests-of.ts'

const network = testsOfMethod('create-network')
const networkPlan = testsOfPlan('managed-network')
const dispatcher = testsOf('packages/cpi-core/src/dispatch/dispatcher.test.ts')
const letter = testsOfPlan('device-letter')
const device = testsOfMethod('attach-disk-device')
const createVm = testsOfMethod('create-vm')
const userData = testsOfPlan('user-data')
const source = testsOfPlan('boot-source')
const boot = testsOfMethod('create-vm/boot-volume')
const rollback = testsOfMethod('create-vm/rollback')
const pools = testsOfPlan('pool-records')
const compatibility = testsOf('packages/openstack-driver/test/compatibility.test.ts')
const rpc = testsOf('apps/cli/test/rpc-cloud.test.ts')
const config = testsOf('packages/openstack-driver/src/config/openstack-config.test.ts')
const templates = testsOf('tooling/bosh-release/test/templates.test.ts')
const release = testsOf('tooling/bosh-release/test/release-manifest.test.ts')
const stemcell = testsOfMethod('create-stemcell')

/** §7.10 to §11 of the driver's specification. */
export const disksAndNetworks: SpecRules = {
  ...disks,
  '7.21': [
    {
      rule: 'create_network makes a network with a unique name and a subnet with the range, gateway, IP version and DHCP of the definition.',
      tests: [
        network('makes a network with a subnet and tells the director how to use it'),
        networkPlan('range and gateway as given, DHCP as configured'),
        networkPlan('IP version of %j is %i'),
      ],
    },
    {
      rule: 'Without a range Neutron takes one of the wanted size from the subnet pool that the cloud properties name, which must be there.',
      tests: [
        network('a size instead of a range: Neutron takes one of the pool'),
        networkPlan('only a size: Neutron takes a range of a pool'),
        networkPlan('refuses %j'),
      ],
    },
    {
      rule: 'The router that the cloud properties name gets an interface in the subnet.',
      tests: [network('an interface on the router the cloud properties name')],
    },
    {
      rule: 'The answer has the id, range and gateway, and the cloud properties with the net_id.',
      tests: [
        network('makes a network with a subnet and tells the director how to use it'),
        networkPlan(
          '§7.21 the director learns the range, the addresses in use but the gateway, and how to reach the network',
        ),
      ],
    },
    {
      rule: 'The addresses of DHCP ports are reserved; they are waited for where the subnet has DHCP.',
      tests: [
        network('the addresses that DHCP takes a moment later are reserved'),
        network('without DHCP nothing is waited for'),
      ],
    },
    {
      rule: 'What was made is removed when a later step fails or the call is told to end.',
      tests: [
        network('when %s fails after it took effect'),
        network('the router does not exist'),
        network('a call that is told to end'),
      ],
    },
    {
      rule: 'delete_network removes the router interfaces, of whatever kind, then the network with its subnet.',
      tests: [
        network("removes the network with its subnet and its router's interface"),
        network('takes the network off a router whose interfaces are of the kind %s'),
      ],
    },
    { rule: "Neutron's own ports are left to Neutron.", tests: [network("Neutron's own ports are left to Neutron")] },
    {
      rule: 'A missing network is a success.',
      tests: [network('contract §6.22: a missing one is a success')],
    },
    {
      rule: 'Ports in use are waited for during a minute, then they are a CloudError.',
      tests: [
        network('ports that stay in use: tried for a minute, then an error'),
        network('%s, if they go meanwhile, are no obstacle'),
      ],
    },
  ],
  '7.22': [
    {
      rule: 'configure_networks is NotSupported and says that the VM must be recreated.',
      tests: [dispatcher('§6.23, driver spec §7.22 deprecated methods are refused without a driver')],
    },
    {
      rule: 'current_vm_id and unknown methods are NotImplemented.',
      tests: [
        dispatcher('§6.23, driver spec §7.22 deprecated methods are refused without a driver'),
        dispatcher('§13.2 an unknown method is refused before any configuration is read'),
      ],
    },
    { rule: 'ping answers "pong".', tests: [dispatcher('a success has no error and an empty log')] },
  ],
  '8.1': [
    {
      rule: 'The agent is told /dev/sda as the system disk.',
      tests: [userData('is the document the agent reads')],
    },
    {
      rule: 'The agent is told /dev/sdb as the ephemeral disk if the flavor has one, else none.',
      tests: [
        createVm('§8.1 the agent of a VM with flavor %s learns of the ephemeral disk %j'),
        letter('§8.1 the agent learns of an ephemeral disk only if there is one'),
      ],
    },
    {
      rule: 'Computed letters start at b, one later each for an ephemeral disk and swap of the flavor.',
      tests: [
        letter('leaves b to the ephemeral disk'),
        letter('counts swap'),
        letter('knows how Nova writes "no swap"'),
      ],
    },
    {
      rule: 'A config drive of the server takes a letter where the configuration says that it is shown as a disk; whether the server has one is told by Nova.',
      tests: [
        device('goes by what Nova says of the server: %s'),
        letter('counts a config drive that is a disk'),
        letter('does not count one that is a CD'),
      ],
    },
    {
      rule: 'Letters that an attachment uses are passed over, in the spellings of all buses; only whole disks count.',
      tests: [
        letter('skips taken letters of any bus'),
        letter('fills gaps'),
        letter('ignores partitions, other names and no name'),
      ],
    },
    { rule: 'After z there are too many disks.', tests: [letter('§8.1 after z there is none')] },
    {
      rule: 'Where the flavor is gone, or the answer names none, letters start at b.',
      tests: [
        device('a flavor that is gone: letters from b on'),
        device('an answer that names no flavor: letters from b on, whatever its disks'),
      ],
    },
    {
      rule: 'The flavor is read by its id, without a list of all.',
      tests: [device('the flavor of one server is read by its id, not looked for among all')],
    },
  ],
  '8.2': [
    {
      rule: "Without boot from volume the server has the image, and a root disk of the flavor's size.",
      tests: [source('§8.2 without boot from volume the image is the root, even for a flavor of size 0')],
    },
    {
      rule: 'The mapping of a boot volume has numbers and booleans, no device name, and the volume goes with the server.',
      tests: [
        source('§8.2 the mapping has numbers and booleans, and no device name'),
        boot('with Nova 2.67 the mapping names the type'),
      ],
    },
    {
      rule: "The boot volume has root_disk.size, else the size of the flavor's root disk.",
      tests: [source("§8.2 the volume has root_disk.size, else the flavor's")],
    },
    {
      rule: 'A flavor without a root disk needs root_disk.size, and only when it boots from a volume.',
      tests: [
        source('§8.2 a flavor of size 0 needs root_disk.size'),
        source('§8.2 without boot from volume the image is the root, even for a flavor of size 0'),
      ],
    },
    {
      rule: "A volume below the image's min_disk or virtual size is refused before anything is made.",
      tests: [
        boot("a volume below the image's %s: refused before anything is made"),
        source("§8.2 a volume smaller than the image's %s is refused before Nova is asked"),
      ],
    },
    {
      rule: 'root_disk without boot from volume is warned of.',
      tests: [boot('root_disk without boot from volume: a warning')],
    },
    {
      rule: 'From Nova 2.67 on the mapping names the volume type.',
      tests: [boot('with Nova 2.67 the mapping names the type')],
    },
    {
      rule: "With an older Nova the volume is made beforehand, in the server's zone, and goes with the server.",
      tests: [
        boot('with an older Nova the volume is made beforehand'),
        boot('with an older Nova the volume is made in the zone of the server'),
      ],
    },
    {
      rule: 'A volume made beforehand is removed when it does not become available or the server is not made.',
      tests: [
        boot('a volume that does not come to life is removed again'),
        rollback('of create_vm, number %i: a VM or nothing'),
      ],
    },
  ],
  '9': fake,
  '10': [
    {
      rule: 'CIDs of the other CPIs are taken: plain ids of servers, volumes, snapshots and images, and "<id> light".',
      tests: [
        compatibility('light stemcells with and without the suffix boot VMs; disks, snapshots and VMs are plain ids'),
      ],
    },
    {
      rule: 'Pool memberships that the other CPIs wrote into the metadata of servers are removed by delete_vm.',
      tests: [compatibility('%s: delete_vm takes port and pool memberships away'), pools('§10 reads %s')],
    },
    {
      rule: 'A server that the Ruby CPI marked with registry_key gets its metadata, and another name only where names are to be readable.',
      tests: [compatibility('a server with registry_key is renamed only if names are to be readable')],
    },
    {
      rule: 'Configuration files of the other CPIs load unchanged, the registry section included, which is ignored.',
      tests: [
        rpc('driver spec §10 the whole file %s, as another CPI has it, is taken as it is'),
        compatibility('§10 configuration files of both peers load unchanged, and are obeyed'),
        templates('a registry section of an old manifest renders, and is ignored'),
      ],
    },
    {
      rule: 'The hash connection_options is read.',
      tests: [config('connection_options are seconds in the file')],
    },
    {
      rule: 'The release has the job openstack_cpi, to which `type: openstack` of a CPI config leads.',
      tests: [release('every job has a monit file, the templates it names, and packages that are in the release')],
    },
    {
      rule: 'A member of the project may do all that a deployment needs.',
      tests: [compatibility('a member of the project, with no other role, may do all that a deployment needs')],
    },
    {
      rule: 'Only public images need an admin.',
      tests: [
        stemcell('a public image needs rights the user lacks: refused, nothing left'),
        compatibility('an admin may make a public image'),
      ],
    },
  ],
  '11': preflight,
}
