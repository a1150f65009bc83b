import type { SpecRule } from './rule.ts'
import { testsOf, testsOfFake } from './tests-of.ts'

const tokens = testsOfFake('services/identity/tokens')
const credentials = testsOfFake('services/identity/application-credentials')
const catalog = testsOfFake('services/identity/catalog')
const directory = testsOfFake('services/identity/directory')
const create = testsOfFake('services/compute/create/server-create')
const life = testsOfFake('services/compute/server-lifecycle')
const actions = testsOfFake('services/compute/actions/server-actions')
const servers = testsOfFake('services/compute/views/server-list')
const keypairs = testsOfFake('services/compute/keypairs')
const attachments = testsOfFake('services/compute/volume-attachments')
const volumes = testsOfFake('services/block-storage/volumes')
const images = testsOfFake('services/image/images')
const ports = testsOfFake('services/network/ports')
const portLists = testsOfFake('services/network/lists')
const networks = testsOfFake('services/network/networks')
const groups = testsOfFake('services/network/security-groups')
const floatingIps = testsOfFake('services/network/floating-ips')
const routers = testsOfFake('services/network/routers')
const balancers = testsOfFake('services/load-balancer/load-balancers')
const exchange = testsOfFake('kernel/exchange')
const faults = testsOfFake('kernel/faults')
const presets = testsOfFake('presets/fault-presets')
const doors = testsOfFake('adapters/transports')
const guest = testsOfFake('control/guest-metadata')
const control = testsOfFake('control/control')
const seeds = testsOfFake('seed/seeds')
const lifecycles = testsOf('apps/fake-openstack/test/lifecycles.test.ts')
const pages = testsOf('apps/fake-openstack/test/pages.test.ts')
/** Each probe of the real cloud is played on the fake: status, fields, words and states are compared. */
const parity = testsOf('tooling/parity/src/parity.test.ts')('%s: no difference without a reason')

const cloud: readonly SpecRule[] = [
  {
    rule: 'One cloud is one state in memory; clouds share nothing.',
    tests: [exchange('clouds share nothing, and the same steps make the same ids')],
  },
  {
    rule: 'All services answer below one address, and the catalog points back to where it was asked.',
    tests: [
      tokens(
        '§2.1 a login answers 201, the token in X-Subject-Token and a catalog that points back to where it was asked',
      ),
      doors('an image is uploaded and comes back, and the state is the cloud’s'),
    ],
  },
  {
    rule: 'There may be several regions and interfaces, each with addresses of its own.',
    tests: [catalog('§2.4 each region and interface has an address of its own, and all of them answer')],
  },
]

const services: readonly SpecRule[] = [
  {
    rule: 'Keystone: versions, logins by name and by id, scopes, refusals, the check of a token, catalog and projects.',
    tests: [parity, tokens('a wrong password is 401 in the words of Keystone')],
  },
  {
    rule: 'Keystone: application credentials.',
    tests: [
      credentials('§2.1 an application credential logs in for its project; deleting it ends its tokens at once'),
      credentials('an unknown id is 404, a wrong secret 401'),
    ],
  },
  {
    rule: 'Keystone: the old v2.0 login, where the cloud is an old one.',
    tests: [directory('§2.2 Keystone v2 is gone unless the cloud is an old one')],
  },
  {
    rule: 'Keystone: the life of tokens can be set.',
    tests: [tokens('§2.3 a token ends with its lifetime')],
  },
  {
    rule: 'Nova: versions, flavors, key pairs, servers with metadata, tags and attachments, zones, server groups, limits.',
    tests: [
      parity,
      actions('§7.8 metadata: POST merges, PUT replaces, keys can be taken out; 404 for what is not there'),
    ],
  },
  {
    rule: 'Nova: the actions reboot, start, stop, pause and their like lead through their states; in a wrong state 409.',
    tests: [
      actions('hard reboot of a stopped server'),
      actions('§9 %s: 409, and nothing changes'),
      actions('an action during a task is 409 and names the task'),
    ],
  },
  {
    rule: 'Glance: images are listed, made, patched, deleted; uploads stream, and size and checksums are kept.',
    tests: [
      parity,
      images('§7.2 an image is queued until its upload, then active with size and hashes'),
      images('a patch of several operations is all or nothing'),
    ],
  },
  {
    rule: 'Glance: staged uploads are imported.',
    tests: [images('a staged upload becomes active by glance-direct, over importing')],
  },
  {
    rule: 'Neutron: networks, subnets, ports, tags, security groups, extensions and quotas, with their filters.',
    tests: [
      parity,
      portLists('ports?%s finds %i'),
      networks('§7.21 a network with a subnet is made and goes with its subnet'),
    ],
  },
  {
    rule: 'Neutron: floating IPs, and routers with interfaces that come and go.',
    tests: [
      floatingIps('§6.5 one PUT associates; the answer has the old status, the next look the new one'),
      routers('§7.21 an interface takes the gateway address, and goes with remove'),
    ],
  },
  {
    rule: 'Neutron: load balancers below its own address, on clouds without Octavia.',
    tests: [balancers('§6.6 clouds without Octavia: the same below Neutron, in Neutron’s words')],
  },
  {
    rule: 'Cinder: volumes, metadata, snapshots, types, zones, limits; the actions extend, retype and reset of the status.',
    tests: [
      parity,
      volumes('§7.16 a retype changes the type, a failed one keeps it'),
      volumes('§9 an admin sets the state of a volume, its user does not'),
    ],
  },
  {
    rule: 'Octavia: load balancers, listeners, pools and their members.',
    tests: [parity, balancers('a member is once in a pool; it is gone when its removal is through')],
  },
  {
    rule: 'Fields, envelopes and status codes are those of the real services.',
    tests: [parity],
  },
]

const states: readonly SpecRule[] = [
  {
    rule: 'A server builds through its states to ACTIVE, or to ERROR with a fault.',
    tests: [
      life('§9 a server builds through its task states, has no addresses before it is ACTIVE, and its port is bound'),
      life('a flavor that fits on no host ends in ERROR with the fault of the scheduler'),
    ],
  },
  {
    rule: 'A deleted server is seen for a while, then it is 404.',
    tests: [
      life(
        '§9 a deleted server is deleting, then DELETED for a moment, then gone; its own port goes, a given one stays',
      ),
    ],
  },
  {
    rule: 'A volume is creating, then available; deleting, then 404.',
    tests: [volumes('§9 a volume is creating, then available; deleting, then gone')],
  },
  {
    rule: 'Attaching and detaching go through their states.',
    tests: [
      volumes('§7.13 attaching goes by reserved and attaching to in-use, detaching back to available'),
      attachments('§7.14 detaching: 202, repeated at once 400, later 404; the volume is available again'),
    ],
  },
  {
    rule: 'An image is queued, saving while its upload runs, then active.',
    tests: [
      images('§7.2 an image is queued until its upload, then active with size and hashes'),
      images('a fault rule leaves an upload stuck in saving'),
    ],
  },
  {
    rule: 'A load balancer is pending with each change, and refuses others with 409 meanwhile.',
    tests: [
      balancers('§9 a load balancer is pending until its time has come, with a port of Neutron for its address'),
      balancers('§6.6 while it is pending every change is refused with 409'),
      balancers('§6.6 a member makes all above it pending, and a second one has to wait'),
    ],
  },
  {
    rule: 'How long each state takes can be set.',
    tests: [lifecycles('takes as long as the options say'), seeds('a transition that does not exist has no duration')],
  },
]

const networkRules: readonly SpecRule[] = [
  {
    rule: 'An address is given once per network: 409 IpAddressAlreadyAllocated.',
    tests: [ports('§6.3 one address is given once per network, and free again when its port is gone')],
  },
  {
    rule: 'A port is DOWN until it is bound; then it names its server and compute:<zone>.',
    tests: [
      ports('§6.3 one address is given once per network, and free again when its port is gone'),
      life('§9 a server builds through its task states, has no addresses before it is ACTIVE, and its port is bound'),
    ],
  },
  {
    rule: 'With a server go the ports that Nova made; ports made before are unbound.',
    tests: [
      life(
        '§9 a deleted server is deleting, then DELETED for a moment, then gone; its own port goes, a given one stays',
      ),
    ],
  },
  { rule: 'A bound port cannot be bound again: 409.', tests: [create('§9 a port in use cannot be used twice: 409')] },
  { rule: 'Each port has a MAC of its own.', tests: [ports('§9 every port has a MAC of its own')] },
  {
    rule: 'Addresses come from the pools of the subnets.',
    tests: [
      ports('addresses come from the pools, in order, without reuse of one just given back'),
      ports('a full pool goes around to what has become free, and then refuses'),
    ],
  },
  {
    rule: 'IPv6 addresses are given as well.',
    tests: [
      ports('a dual-stack network gives one address of each family'),
      ports('an address of an automatic IPv6 subnet follows from the MAC, and cannot be chosen'),
    ],
  },
]

const volumeRules: readonly SpecRule[] = [
  {
    rule: 'A volume in use is not deleted: 400.',
    tests: [volumes('a volume in use can neither be deleted nor extended before 3.42 nor taken by os-detach')],
  },
  {
    rule: 'A volume with snapshots is not deleted: 400.',
    tests: [volumes('§7.11 a volume with snapshots is kept, unless the delete cascades')],
  },
  {
    rule: 'Only an available volume is extended, and only to a bigger size.',
    tests: [
      volumes('§9 an extension makes an available volume bigger, and nothing else'),
      volumes('a volume in use can neither be deleted nor extended before 3.42 nor taken by os-detach'),
    ],
  },
  {
    rule: 'Only an available volume is attached.',
    tests: [attachments('§7.13 attaching: the answer has the device, the volume goes reserved, attaching, in-use')],
  },
  {
    rule: 'A deleted server gives its volumes back; those with delete_on_termination are deleted.',
    tests: [
      attachments('§7.5 a deleted server gives its volumes back; those that go with it are deleted'),
      create('§8.2 a server boots from a volume of an image, which goes with it'),
    ],
  },
  {
    rule: 'Devices are named as requested or, switched, as libvirt does: the next free one.',
    tests: [
      attachments('§9 with `next-free` names the wish is ignored, as libvirt does'),
      attachments('§8.1 names count on from the root device, behind ephemeral disks; a name in use is 409'),
    ],
  },
  {
    rule: 'The zones of Nova and Cinder may differ; a volume in a zone that Cinder has not is refused.',
    tests: [volumes('§9 zones of Cinder are not those of Nova: a volume in one of Nova alone is refused')],
  },
  {
    rule: 'A volume of a multiattach type has several servers.',
    tests: [attachments('§9 a volume of a multiattach type has several servers, from 2.60 on; another has one')],
  },
]

const limits: readonly SpecRule[] = [
  {
    rule: 'Names of servers, pools and security groups may repeat.',
    tests: [
      create('§9 names of servers may repeat'),
      balancers('§9 names of pools may repeat'),
      groups('§9 names of groups may repeat, except the default one'),
    ],
  },
  {
    rule: 'Key pairs belong to the user.',
    tests: [
      keypairs('from 2.2 on 201, from 2.92 on a key must be given; the name is one per user'),
      keypairs('quota: 403; deleting answers 202 and from 2.2 on 204; key pairs of others are not seen'),
    ],
  },
  {
    rule: 'User data is bounded, and metadata in the pattern of its keys, its lengths and its number.',
    tests: [
      create('fields of the wrong form are refused with the field and its value'),
      create('§9 keys and values of metadata are bounded'),
      actions('§7.8 metadata: POST merges, PUT replaces, keys can be taken out; 404 for what is not there'),
    ],
  },
  {
    rule: 'Quotas: 403 in Nova, 413 overLimit in Cinder, 409 OverQuota in Neutron.',
    tests: [
      create('§9 quotas: 403 names what is exceeded, and deleted servers do not count'),
      volumes('§7.10 quotas answer 413 overLimit with Retry-After: 0; snapshots count towards gigabytes'),
      ports('§9 the quota of a project refuses the next port with 409 OverQuota, and counts'),
    ],
  },
  {
    rule: 'Every list comes in pages, as small as the cloud is told.',
    tests: [pages('§9 the page size of the cloud cuts every list: %s %s')],
  },
  {
    rule: 'Microversions change what is shown, such as the flavor from 2.47 on; an unknown one is 406.',
    tests: [servers('§3.2 a server at %s'), servers('§9 a microversion that Nova has not, %s, is 406')],
  },
  {
    rule: 'A test can read what the agent would read, from the metadata service and from the config drive.',
    tests: [
      guest('§9, contract §8.2 a test reads what the agent would read from the metadata service'),
      guest('§9, contract §8.2 the config drive has the same documents, if the server has one'),
    ],
  },
]

const injection: readonly SpecRule[] = [
  {
    rule: 'A rule matches by service, method, path and the number of the hit.',
    tests: [
      faults('a rule matches by method and path, as the service sees it or whole'),
      faults('skip and times count matches; the hits are told'),
    ],
  },
  {
    rule: 'It answers with a status, headers (Retry-After in seconds or as a date) and a body, HTML too.',
    tests: [
      faults('an answer can be a page with headers of its own'),
      presets('an HTTP date in Retry-After is ahead of the cloud’s clock'),
    ],
  },
  { rule: 'It delays an answer.', tests: [faults('a delay takes virtual time, not ours')] },
  {
    rule: 'It resets the connection before or after the request takes effect.',
    tests: [
      faults('a fault %s the request leaves %i images more'),
      doors('a connection cut after the request had its effect'),
      doors('a refused connection: the request had no effect'),
    ],
  },
  { rule: 'It breaks an answer off.', tests: [doors('an answer that breaks off')] },
  {
    rule: 'It ends a token after so many requests.',
    tests: [presets('a token that expired midway is refused by all services until the client logs in again')],
  },
  {
    rule: 'It brings servers into ERROR and holds volumes, or whatever changes, in a state.',
    tests: [
      life('a rule fails a build, holds it for ever, or makes a deletion end in ERROR'),
      lifecycles('is held by a rule until it is released'),
      lifecycles('fails by a rule, and nothing comes after it'),
    ],
  },
  {
    rule: 'Every request is logged.',
    tests: [
      exchange('the journal hides secrets and tells what nobody read'),
      control('the journal is read on from a number'),
    ],
  },
  {
    rule: 'What is left beyond the seed is told.',
    tests: [control('leftovers are what exists beyond the seed; reset goes back to the seed')],
  },
]

/** §9 of the driver's specification. */
export const fake: readonly SpecRule[] = [
  ...cloud,
  ...services,
  ...states,
  ...networkRules,
  ...volumeRules,
  ...limits,
  ...injection,
]
