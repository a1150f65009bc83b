import type { Seed } from './schema.ts'

/** The public key of the `bosh` seed. There is no private key: no guest boots in the fake cloud. */
export const boshPublicKey =
  'ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQCnL6NPq3/dTjk9nvX7AQ3lCfClzIpaSzT+zD7HzqvQza38qNKSe9PZ/Jc7B1b6h3rsNe6YWSsgGIkf1OHiqkOUqB9P6f4BDqk8CjFQrGozsUtGoXHvjlBkST5lx6vGcV2EsGjW+z0g1pWDT8+6BStqeUawCmoT63/AjBJzQvrqZ7NCji68lmP7rwUGKInF7meyFofh4E/7+YFvn6AWJ0l18PxCUswyLwCRITGEtACm3T5izaROluzy0pioTPfqt5jQHx1DxWK3Q3ITnIJ0DkBkxxjUStEGtvFUL09Tk1/ltPOoey7r8ygrrAW+RFB6Xn6tKOrvInrIrdIaRpcdcX/n bosh'

const tenantRoles = ['member', 'reader', 'load-balancer_observer', 'load-balancer_member']

type Project = Seed['projects'][number]
type Flavor = Seed['flavors'][number]
type Subnet = Seed['networks'][number]['subnets'][number]
type Rule = Seed['securityGroups'][number]['rules'][number]

const noQuotas: Project['quotas'] = { compute: {}, 'block-storage': {}, network: {}, image: {}, 'load-balancer': {} }

const project = (name: string, quotas: Partial<Project['quotas']> = {}, description = ''): Project => ({
  name,
  description,
  quotas: { ...noQuotas, ...quotas },
})

const flavor = (
  id: string,
  name: string,
  ramMiB: number,
  vcpus: number,
  diskGiB: number,
  ephemeralGiB = 0,
): Flavor => ({
  id,
  name,
  ramMiB,
  vcpus,
  diskGiB,
  ephemeralGiB,
  swapMiB: 0,
  isPublic: true,
  description: null,
  extraSpecs: {},
})

const subnet = (name: string, cidr: string, more: Partial<Subnet> = {}): Subnet => ({
  name,
  cidr,
  dhcp: true,
  ipv6Mode: null,
  dnsNameservers: [],
  ...more,
})

const privateNetwork = (name: string, projectName: string, subnets: Subnet[]): Seed['networks'][number] => ({
  name,
  project: projectName,
  external: false,
  shared: false,
  subnets,
})

const anyRule: Rule = {
  direction: 'ingress',
  ethertype: 'IPv4',
  protocol: null,
  portMin: null,
  portMax: null,
  remoteCidr: null,
  remoteGroup: null,
}

const fromAnywhere = (port: number): Rule => ({
  ...anyRule,
  protocol: 'tcp',
  portMin: port,
  portMax: port,
  remoteCidr: '0.0.0.0/0',
})

/** The cloud that a BOSH operator would prepare: the same names, sizes and quotas as the reference cloud. */
export const boshCloud: Seed = {
  version: 1,
  regions: ['RegionOne'],
  availabilityZones: {
    compute: { nova: ['compute-nova'], z1: ['compute-z1'], z2: ['compute-z2'] },
    volume: ['nova', 'z1', 'z2'],
  },
  projects: [
    project('admin', {}, 'Bootstrap project for initializing the cloud.'),
    project('service'),
    project('bosh', {
      compute: {
        instances: 200,
        cores: 800,
        ram: 16_000_000,
        key_pairs: 200,
        server_groups: 100,
        server_group_members: 100,
      },
      'block-storage': { volumes: 300, gigabytes: 100_000, snapshots: 300 },
      network: {
        port: 1000,
        floatingip: 150,
        security_group: 100,
        security_group_rule: 1000,
        network: 100,
        subnet: 100,
      },
    }),
    project('bosh-small', {
      compute: { instances: 1, cores: 1, ram: 1024, key_pairs: 1, server_groups: 1 },
      'block-storage': { volumes: 1, gigabytes: 2, snapshots: 1 },
      network: { port: 3, floatingip: 1, security_group: 2, network: 1, subnet: 1 },
    }),
    project('other'),
  ],
  users: [
    { name: 'admin', password: 'admin-password', roles: { admin: ['admin', 'member', 'reader'] } },
    { name: 'bosh', password: 'bosh-password', roles: { bosh: tenantRoles } },
    { name: 'bosh-small', password: 'bosh-password', roles: { 'bosh-small': tenantRoles } },
    { name: 'other', password: 'bosh-password', roles: { other: tenantRoles } },
  ],
  flavors: [
    flavor('1', 'm1.tiny', 512, 1, 1),
    flavor('2', 'm1.small', 2048, 1, 20),
    flavor('3', 'm1.medium', 4096, 2, 40),
    flavor('11', 'm1.tiny.ephemeral', 512, 1, 1, 10),
    flavor('12', 'm1.small.ephemeral', 2048, 1, 20, 40),
    flavor('20', 'm1.nodisk', 2048, 1, 0),
    flavor('99', 'm1.impossible', 4_000_000, 1, 1),
  ],
  keypairs: [{ name: 'bosh', user: 'bosh', publicKey: boshPublicKey }],
  images: [
    {
      name: 'tiny-image',
      project: 'bosh',
      visibility: 'public',
      diskFormat: 'raw',
      containerFormat: 'bare',
      minDiskGiB: 0,
      minRamMiB: 0,
      sizeBytes: 1_048_576,
      md5: 'b6d81b360a5672d80c27430f39153e2c',
      sha512:
        'd6292685b380e338e025b3415a90fe8f9d39a46e7bdba8cb78c50a338cefca741f69e4e46411c32de1afdedfb268e579a51f81ff85e56f55b0ee7c33fe8c25c9',
      // The last three are what "openstack image create" adds.
      properties: {
        hypervisor_type: 'kvm',
        os_type: 'linux',
        architecture: 'x86_64',
        'owner_specified.openstack.md5': '',
        'owner_specified.openstack.sha256': '',
        'owner_specified.openstack.object': 'images/tiny-image',
      },
    },
  ],
  volumeTypes: [
    { name: '__DEFAULT__', description: 'Default Volume Type', isPublic: true, isDefault: true, extraSpecs: {} },
    ...['standard', 'fast'].map((name) => ({
      name,
      description: null,
      isPublic: true,
      isDefault: false,
      extraSpecs: { volume_backend_name: 'fake' },
    })),
  ],
  networks: [
    {
      name: 'public',
      project: 'admin',
      external: true,
      shared: false,
      subnets: [
        subnet('public-subnet', '203.0.113.0/24', {
          gateway: '203.0.113.1',
          dhcp: false,
          allocationPools: [{ start: '203.0.113.10', end: '203.0.113.250' }],
        }),
      ],
    },
    privateNetwork('bosh-net', 'bosh', [
      subnet('bosh-net-subnet', '10.10.0.0/22', { gateway: '10.10.0.1', dnsNameservers: ['192.0.2.53'] }),
      subnet('bosh-net-subnet-b', '10.11.0.0/24', { gateway: '10.11.0.1', dhcp: false }),
    ]),
    privateNetwork('bosh-net-2', 'bosh', [
      subnet('bosh-net-2-subnet', '10.20.0.0/22', { gateway: '10.20.0.1', dnsNameservers: ['192.0.2.53'] }),
    ]),
    privateNetwork('bosh-net-dual', 'bosh', [
      subnet('bosh-net-dual-subnet', '10.40.0.0/22', { gateway: '10.40.0.1', dnsNameservers: ['192.0.2.53'] }),
      subnet('bosh-net-dual-subnet-v6', 'fd00:40::/64', { gateway: 'fd00:40::1', ipv6Mode: 'dhcpv6-stateful' }),
    ]),
    privateNetwork('small-net', 'bosh-small', [subnet('small-subnet', '10.30.0.0/24')]),
  ],
  routers: [
    {
      name: 'bosh-router',
      project: 'bosh',
      externalNetwork: 'public',
      subnets: [
        'bosh-net-subnet',
        'bosh-net-subnet-b',
        'bosh-net-2-subnet',
        'bosh-net-dual-subnet',
        'bosh-net-dual-subnet-v6',
      ],
    },
  ],
  securityGroups: ['bosh', 'bosh-extra'].map((name) => ({
    name,
    project: 'bosh',
    description: name,
    rules: [{ ...anyRule, remoteGroup: name }, fromAnywhere(22), fromAnywhere(6868), fromAnywhere(25_555)],
  })),
  floatingIps: [
    { project: 'bosh', network: 'public', address: '203.0.113.137' },
    { project: 'bosh', network: 'public', address: '203.0.113.203' },
  ],
  description: {
    user: 'bosh',
    smallUser: 'bosh-small',
    otherUser: 'other',
    admin: 'admin',
  },
}
