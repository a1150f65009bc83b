import { boshPublicKey } from './bosh-keypair.ts'
import type { SeedInput } from './schema.ts'

const tenantRoles = ['member', 'reader', 'load-balancer_observer', 'load-balancer_member']

const ssh = { protocol: 'tcp', portMin: 22, portMax: 22, remoteCidr: '0.0.0.0/0' }
const agent = { protocol: 'tcp', portMin: 6868, portMax: 6868, remoteCidr: '0.0.0.0/0' }
const director = { protocol: 'tcp', portMin: 25555, portMax: 25555, remoteCidr: '0.0.0.0/0' }

/** The cloud that a BOSH operator would prepare: the same names, sizes and quotas as the reference cloud. */
export const boshCloud: SeedInput = {
  version: 1,
  regions: ['RegionOne'],
  availabilityZones: {
    compute: { nova: ['compute-nova'], z1: ['compute-z1'], z2: ['compute-z2'] },
    volume: ['nova', 'z1', 'z2'],
  },
  projects: [
    { name: 'admin', description: 'Bootstrap project for initializing the cloud.' },
    { name: 'service' },
    {
      name: 'bosh',
      quotas: {
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
      },
    },
    {
      name: 'bosh-small',
      quotas: {
        compute: { instances: 1, cores: 1, ram: 1024, key_pairs: 1, server_groups: 1 },
        'block-storage': { volumes: 1, gigabytes: 2, snapshots: 1 },
        network: { port: 3, floatingip: 1, security_group: 2, network: 1, subnet: 1 },
      },
    },
    { name: 'other' },
  ],
  users: [
    { name: 'admin', password: 'admin-password', roles: { admin: ['admin', 'member', 'reader'] } },
    { name: 'bosh', password: 'bosh-password', roles: { bosh: tenantRoles } },
    { name: 'bosh-small', password: 'bosh-password', roles: { 'bosh-small': tenantRoles } },
    { name: 'other', password: 'bosh-password', roles: { other: tenantRoles } },
  ],
  flavors: [
    { id: '1', name: 'm1.tiny', ramMiB: 512, vcpus: 1, diskGiB: 1 },
    { id: '2', name: 'm1.small', ramMiB: 2048, vcpus: 1, diskGiB: 20 },
    { id: '3', name: 'm1.medium', ramMiB: 4096, vcpus: 2, diskGiB: 40 },
    { id: '11', name: 'm1.tiny.ephemeral', ramMiB: 512, vcpus: 1, diskGiB: 1, ephemeralGiB: 10 },
    { id: '12', name: 'm1.small.ephemeral', ramMiB: 2048, vcpus: 1, diskGiB: 20, ephemeralGiB: 40 },
    { id: '20', name: 'm1.nodisk', ramMiB: 2048, vcpus: 1, diskGiB: 0 },
    { id: '99', name: 'm1.impossible', ramMiB: 4_000_000, vcpus: 1, diskGiB: 1 },
  ],
  keypairs: [{ name: 'bosh', user: 'bosh', publicKey: boshPublicKey }],
  images: [
    {
      name: 'tiny-image',
      project: 'bosh',
      visibility: 'public',
      sizeBytes: 1_048_576,
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
    { name: '__DEFAULT__', description: 'Default Volume Type', isDefault: true },
    { name: 'standard', extraSpecs: { volume_backend_name: 'fake' } },
    { name: 'fast', extraSpecs: { volume_backend_name: 'fake' } },
  ],
  networks: [
    {
      name: 'public',
      project: 'admin',
      external: true,
      subnets: [
        {
          name: 'public-subnet',
          cidr: '203.0.113.0/24',
          gateway: '203.0.113.1',
          dhcp: false,
          allocationPools: [{ start: '203.0.113.10', end: '203.0.113.250' }],
        },
      ],
    },
    {
      name: 'bosh-net',
      project: 'bosh',
      subnets: [
        { name: 'bosh-net-subnet', cidr: '10.10.0.0/22', gateway: '10.10.0.1', dnsNameservers: ['192.0.2.53'] },
        { name: 'bosh-net-subnet-b', cidr: '10.11.0.0/24', gateway: '10.11.0.1', dhcp: false },
      ],
    },
    {
      name: 'bosh-net-2',
      project: 'bosh',
      subnets: [
        { name: 'bosh-net-2-subnet', cidr: '10.20.0.0/22', gateway: '10.20.0.1', dnsNameservers: ['192.0.2.53'] },
      ],
    },
    {
      name: 'bosh-net-dual',
      project: 'bosh',
      subnets: [
        { name: 'bosh-net-dual-subnet', cidr: '10.40.0.0/22', gateway: '10.40.0.1', dnsNameservers: ['192.0.2.53'] },
        { name: 'bosh-net-dual-subnet-v6', cidr: 'fd00:40::/64', gateway: 'fd00:40::1', ipv6Mode: 'dhcpv6-stateful' },
      ],
    },
    { name: 'small-net', project: 'bosh-small', subnets: [{ name: 'small-subnet', cidr: '10.30.0.0/24' }] },
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
    rules: [{ remoteGroup: name }, ssh, agent, director],
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
