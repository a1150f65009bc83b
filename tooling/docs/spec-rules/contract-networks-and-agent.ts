import type { SpecRules } from './rule.ts'
import { testsOf, testsOfMethod, testsOfPlan } from './tests-of.ts'

const dispatcher = testsOf('packages/cpi-core/src/dispatch/dispatcher.test.ts')
const parser = testsOf('packages/cpi-core/src/model/parse-network-specs.test.ts')
const suite = testsOf('packages/cpi-core/src/testing/contract-suite.ts')
const diskContract = testsOf('packages/cpi-core/src/testing/disk-contract.ts')
const network = testsOfMethod('create-network')
const managed = testsOfPlan('managed-network')
const plan = testsOfPlan('network-plan')
const createVm = testsOfMethod('create-vm')
const settings = testsOfMethod('create-vm/agent-settings')
const floatingIp = testsOfMethod('create-vm/floating-ip')
const server = testsOfMethod('create-vm/server')
const userData = testsOfPlan('user-data')
const names = testsOfPlan('server-names')
const device = testsOfMethod('attach-disk-device')
const attach = testsOfMethod('attach-disk')
const createEnv = testsOf('tooling/bosh-release/test/create-env.test.ts')
const templates = testsOf('tooling/bosh-release/test/templates.test.ts')
const lifeCycle = testsOf('tooling/e2e/suite/life-cycle.test.ts')
const manyForms = testsOf('tooling/e2e/suite/create-vm.test.ts')
const call = testsOf('apps/cli/test/call.test.ts')

/** §6.21 to §8 of the CPI contract. */
export const networksAndAgent: SpecRules = {
  '6.21': [
    {
      rule: 'A network with one subnet of the given range and gateway is made.',
      tests: [
        network('makes a network with a subnet and tells the director how to use it'),
        suite('§6.21, §6.22 a network is made and deleted, and its range is known'),
      ],
    },
    {
      rule: 'Range, gateway and size are each optional; a size alone has a range chosen.',
      tests: [
        network('a size instead of a range: Neutron takes one of the pool'),
        managed('only a size: Neutron takes a range of a pool'),
        dispatcher('§6.21 create_network answers the CID, the addresses and the cloud properties'),
      ],
    },
    {
      rule: 'The answer is the CID, the addresses and the cloud properties, in this order.',
      tests: [dispatcher('§6.21 create_network answers the CID, the addresses and the cloud properties')],
    },
    {
      rule: 'The addresses have range and gateway where the request had none, and what the director must not use.',
      tests: [
        network('a size instead of a range: Neutron takes one of the pool'),
        network('the addresses that DHCP takes a moment later are reserved'),
        managed(
          '§7.21 the director learns the range, the addresses in use but the gateway, and how to reach the network',
        ),
      ],
    },
    {
      rule: 'The cloud properties of the answer carry over all that `create_vm` needs.',
      tests: [
        managed(
          '§7.21 the director learns the range, the addresses in use but the gateway, and how to reach the network',
        ),
      ],
    },
    {
      rule: 'A creation that fails leaves nothing.',
      tests: [network('when %s fails after it took effect'), network('a call that is told to end')],
    },
  ],
  '6.22': [
    {
      rule: 'The network is removed with its subnet.',
      tests: [network("removes the network with its subnet and its router's interface")],
    },
    { rule: 'A missing network is a success.', tests: [network('contract §6.22: a missing one is a success')] },
    {
      rule: 'Since the director asks once, the CPI tries again by itself.',
      tests: [
        network('%s, if they go meanwhile, are no obstacle'),
        network('ports that stay in use: tried for a minute, then an error'),
      ],
    },
  ],
  '6.23': [
    {
      rule: '`configure_networks` is `NotSupported`, for which the VM is made anew.',
      tests: [dispatcher('§6.23, driver spec §7.22 deprecated methods are refused without a driver')],
    },
    {
      rule: '`current_vm_id` is `NotImplemented`.',
      tests: [dispatcher('§6.23, driver spec §7.22 deprecated methods are refused without a driver')],
    },
    { rule: '`ping` answers "pong".', tests: [dispatcher('a success has no error and an empty log')] },
  ],
  '6.24': [
    {
      rule: 'The calls of `create-env`, of `create-env` again and of `delete-env` work in their order.',
      tests: [createEnv('contract §6.24 the exact calls of the CLI, info before each, API version cut to 2')],
    },
    {
      rule: 'The calls of an upload and of a first deployment work in their order, and so do those that clean up.',
      tests: [lifeCycle('each step leaves the cloud in the state BOSH was told')],
    },
    {
      rule: 'A changed VM: its disk moves from the old one to the new one.',
      tests: [diskContract('§6.5 a persistent disk survives its VM and can be attached to the next')],
    },
    {
      rule: 'A bigger disk by copying: old and new disk are on the VM at the same time.',
      tests: [diskContract('§6.13 two disks on one VM get different hints')],
    },
    {
      rule: 'A bigger disk, or another type, by the cloud: between detaching and attaching.',
      tests: [lifeCycle('each step leaves the cloud in the state BOSH was told')],
    },
    {
      rule: 'A VM that compiles packages has no job: its name for humans tells the package.',
      tests: [names('compiling/<package>')],
    },
  ],
  '7': [
    { rule: 'A network without a type is a manual one.', tests: [parser('a missing type is manual, for old callers')] },
    { rule: 'Types that nobody knows are refused.', tests: [plan('unknown type')] },
    {
      rule: 'A manual network has the address that the director picked, IPv4 or IPv6.',
      tests: [
        parser('%j is refused with the network and the key'),
        parser('the example of a dual-stack NIC and a vip'),
        createVm('makes an active server with key pair, group, port and metadata'),
      ],
    },
    {
      rule: 'The address in a dynamic network is no request.',
      tests: [
        parser('the ip of a dynamic network is no request'),
        plan('the address on a wire of a dynamic network is no request (contract §7)'),
      ],
    },
    {
      rule: 'A prefix is a text; 32, 128 and none mean one address, anything else a range that starts at the address.',
      tests: [
        parser('the example of a dual-stack NIC and a vip'),
        plan('a nic_group is one port with all its single addresses; prefixes become address pairs'),
      ],
    },
    {
      rule: 'Gateway, netmask, DNS servers and `default` may be absent or null.',
      tests: [parser('null counts as absent'), parser('a missing type is manual, for old callers')],
    },
    {
      rule: 'Absent or null cloud properties are empty.',
      tests: [parser('the example of a dual-stack NIC and a vip'), parser('a missing type is manual, for old callers')],
    },
    {
      rule: 'Settings of a wrong kind are refused with the name of network and key.',
      tests: [parser('%j is refused with the network and the key')],
    },
    {
      rule: 'Entries of `default` that are not known yet are passed over.',
      tests: [parser('defaults nobody knows yet are passed over')],
    },
    {
      rule: 'The default network is the one with `gateway` in `default`, else the only one that is no vip.',
      tests: [plan('is the one with the gateway'), plan('is the only one that is no vip')],
    },
    {
      rule: "NICs are in the operator's order, whatever the names of the networks.",
      tests: [
        dispatcher("§7 the networks are in the operator's order, whatever their names"),
        createVm('several NICs are in the order of the operator, each with its MAC; the config drive is asked for'),
        call(
          'contract §7: networks are taken in the order in which they were typed, also where their names are integers',
        ),
      ],
    },
    {
      rule: 'Networks of one `nic_group` are one NIC; a network without a group has its own.',
      tests: [
        plan('property: every wired network is on exactly one NIC, whatever the groups'),
        createVm('a nic_group is one dual-stack port with one MAC for both networks'),
      ],
    },
    {
      rule: 'A group has at most one address and one prefix of each IP version.',
      tests: [plan('group of two IPv4'), plan('group of two IPv6 prefixes')],
    },
    { rule: 'A group has to be on one network of the cloud.', tests: [plan('group over two nets')] },
    { rule: 'A group needs a single address.', tests: [plan('group of prefixes')] },
    {
      rule: "A vip goes to the NIC of its `nic_group`, else to the default network's.",
      tests: [
        plan('goes to the NIC of its nic_group (contract §7)'),
        plan('goes to the default NIC'),
        floatingIp('with several networks it is the port in the default one, also where Nova made it'),
      ],
    },
    { rule: 'A dynamic network cannot be in a group with others.', tests: [plan('group with dynamic')] },
    {
      rule: 'Dual stack is two manual networks in one group.',
      tests: [
        createVm('a nic_group is one dual-stack port with one MAC for both networks'),
        manyForms('dual stack: one NIC with both addresses'),
      ],
    },
    { rule: 'A delegated prefix cannot be alone on a NIC.', tests: [plan('lonely prefix')] },
    {
      rule: 'A change of the networks needs a new VM.',
      tests: [dispatcher('§6.23, driver spec §7.22 deprecated methods are refused without a driver')],
    },
  ],
  '8.1': [
    {
      rule: 'The settings have agent id, names, networks, disks and `env`.',
      tests: [userData('is the document the agent reads')],
    },
    {
      rule: 'The agent id is never empty.',
      tests: [dispatcher('%s %j is an InvalidCall'), userData('is the document the agent reads')],
    },
    {
      rule: "`vm.name` and `server.name` are both the server's name.",
      tests: [
        userData('is the document the agent reads'),
        createVm("the answer has the networks with the port's MAC, the agent's settings have it too"),
      ],
    },
    {
      rule: 'All networks of the call are there, with all that the call says of them.',
      tests: [
        userData('keeps everything received and adds mac, in lower case, and use_dhcp'),
        createVm("the answer has the networks with the port's MAC, the agent's settings have it too"),
      ],
    },
    {
      rule: 'A prefix or NIC group that came as a number is a text.',
      tests: [userData('a number in prefix or nic_group becomes a text, or the agent rejects the document')],
    },
    {
      rule: "A MAC is that of the network's NIC, in lower case, and left out where it is not known.",
      tests: [
        userData('keeps everything received and adds mac, in lower case, and use_dhcp'),
        userData('leaves out a MAC that is not known, and use_dhcp on vip networks'),
        createVm('a dynamic network gets its port from Nova, and no MAC is claimed'),
      ],
    },
    {
      rule: '`use_dhcp` is on all networks but vip.',
      tests: [userData('leaves out a MAC that is not known, and use_dhcp on vip networks')],
    },
    {
      rule: 'The system disk is a text; the ephemeral disk a text, or null when there is none; no persistent disks.',
      tests: [
        createVm('§8.1 the agent of a VM with flavor %s learns of the ephemeral disk %j'),
        userData('is the document the agent reads'),
      ],
    },
    {
      rule: 'An `env` of null is an empty one.',
      tests: [
        dispatcher('§13.6 null stands for an empty env, disk list and cloud properties'),
        userData('is the document the agent reads'),
      ],
    },
    {
      rule: "The agent's section of the configuration is laid over the settings, and wins.",
      tests: [userData('the agent section wins over what is computed'), userData('is the document the agent reads')],
    },
    {
      rule: 'Bus, time servers and blobstore may be absent.',
      tests: [userData('null in the agent section counts as absent')],
    },
    {
      rule: 'For `create-env` the bus is given by the configuration.',
      tests: [templates('the cpi ops file: credentials, and the defaults both peers have')],
    },
    {
      rule: 'Old agents find their DNS servers.',
      tests: [userData('is the document the agent reads'), userData('without any DNS server there is no dns key')],
    },
  ],
  '8.2': [
    {
      rule: 'The settings and the SSH key are to be had from the metadata service, and from a config drive if there is one.',
      tests: [createVm('contract §8.2, contract §8.3: the agent finds its settings in both places, its env unchanged')],
    },
    {
      rule: 'The document is plain JSON.',
      tests: [
        userData('is base64 of JSON in UTF-8'),
        createVm('contract §8.2, contract §8.3: the agent finds its settings in both places, its env unchanged'),
      ],
    },
    {
      rule: 'The document stays what it is for the whole life of the VM.',
      tests: [settings('contract §8.2: the settings of the agent stay as they are, whatever is done with its VM')],
    },
    {
      rule: 'Ports are made before the VM, so that each of several networks has its MAC.',
      tests: [
        createVm('several NICs are in the order of the operator, each with its MAC; the config drive is asked for'),
        manyForms('two manual networks: two ports in the order of the request, MACs told'),
      ],
    },
    {
      rule: 'Networks that share a NIC share its MAC.',
      tests: [createVm('a nic_group is one dual-stack port with one MAC for both networks')],
    },
    {
      rule: 'The letter in the hint is that of the device in the guest.',
      tests: [device("libvirt's name counts, not Cinder's record"), device('goes by what Nova says of the server: %s')],
    },
    {
      rule: 'The CID of a disk is the id by which the guest may find it.',
      tests: [testsOfMethod('create-disk')('makes an available volume of the rounded-up size with a unique name')],
    },
  ],
  '8.3': [
    {
      rule: '`env` reaches the agent unchanged, whatever is in it.',
      tests: [createVm('contract §8.2, contract §8.3: the agent finds its settings in both places, its env unchanged')],
    },
    {
      rule: 'Of `env` only `bosh.group`, `bosh.groups` and `bosh.tags` are ever shown.',
      tests: [
        testsOf('packages/cpi-core/src/log/redact-structure.test.ts')(
          '§12 of the agent env only what names the instance group is shown',
        ),
        testsOf('packages/cpi-core/src/dispatch/dispatcher-log.test.ts')(
          'by a driver that logs and fails with all it was given',
        ),
      ],
    },
    {
      rule: 'Settings that are too large are refused with their size, before the cloud is asked for the VM.',
      tests: [
        userData('refuses more than 65535 bytes of base64'),
        server('because its settings are larger than Nova takes: refused, and its port is removed'),
      ],
    },
  ],
  '8.4': [
    {
      rule: 'Attaching a disk stores nothing in the cloud but the attachment.',
      tests: [attach('contract §8.4: nothing is stored, neither on the server nor on the volume')],
    },
  ],
  '8.5': [
    {
      rule: 'A stemcell that needs a registry is refused by `create_vm` as too old, and nothing is made.',
      tests: [
        createVm('a stemcell whose agent needs a registry (contract §8.5)'),
        testsOfMethod('create-vm/stemcell-version')(
          '1: create_vm refuses, with nothing asked of the cloud; no other method decides by it (contract §3)',
        ),
      ],
    },
    {
      rule: 'A registry in the configuration is ignored.',
      tests: [templates('a registry section of an old manifest renders, and is ignored')],
    },
  ],
}
