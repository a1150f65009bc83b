import { boshPublicKey } from './bosh-cloud.ts'
import type { SeedInput } from './schema.ts'

const tenantRoles = ['member', 'reader', 'load-balancer_member']
const flavors: readonly (readonly [id: string, name: string, ramMiB: number, vcpus: number, diskGiB: number])[] = [
  ['42', 'm1.nano', 192, 1, 1],
  ['84', 'm1.micro', 256, 1, 1],
  ['c1', 'cirros256', 256, 1, 1],
  ['d1', 'ds512M', 512, 1, 5],
  ['d2', 'ds1G', 1024, 1, 10],
  ['d3', 'ds2G', 2048, 2, 10],
  ['d4', 'ds4G', 4096, 4, 20],
  ['1', 'm1.tiny', 512, 1, 1],
  ['2', 'm1.small', 2048, 1, 20],
  ['3', 'm1.medium', 4096, 2, 40],
  ['4', 'm1.large', 8192, 4, 80],
  ['5', 'm1.xlarge', 16_384, 8, 160],
]

/** The cloud that DevStack sets up: the names that tutorials and test suites of OpenStack use. */
export const devstackCloud: SeedInput = {
  projects: [{ name: 'admin' }, { name: 'service' }, { name: 'demo' }, { name: 'alt_demo' }],
  users: [
    {
      name: 'admin',
      password: 'secret',
      roles: { admin: ['admin', 'member', 'reader'], demo: ['admin'], alt_demo: ['admin'] },
    },
    { name: 'demo', password: 'secret', roles: { demo: tenantRoles } },
    { name: 'alt_demo', password: 'secret', roles: { alt_demo: tenantRoles } },
  ],
  flavors: flavors.map(([id, name, ramMiB, vcpus, diskGiB]) => ({ id, name, ramMiB, vcpus, diskGiB })),
  keypairs: [{ name: 'demo', user: 'demo', publicKey: boshPublicKey }],
  images: [
    {
      name: 'cirros-0.6.3-x86_64-disk',
      project: 'admin',
      diskFormat: 'qcow2',
      sizeBytes: 1_048_576,
      md5: 'b6d81b360a5672d80c27430f39153e2c',
      sha512:
        'd6292685b380e338e025b3415a90fe8f9d39a46e7bdba8cb78c50a338cefca741f69e4e46411c32de1afdedfb268e579a51f81ff85e56f55b0ee7c33fe8c25c9',
      properties: { hw_rng_model: 'virtio' },
    },
  ],
  volumeTypes: [
    { name: 'lvmdriver-1', isDefault: true, extraSpecs: { volume_backend_name: 'lvmdriver-1' } },
    { name: '__DEFAULT__', description: 'Default Volume Type' },
  ],
  networks: [
    {
      name: 'public',
      project: 'admin',
      external: true,
      subnets: [
        {
          name: 'public-subnet',
          cidr: '172.24.4.0/24',
          gateway: '172.24.4.1',
          dhcp: false,
          allocationPools: [{ start: '172.24.4.2', end: '172.24.4.254' }],
        },
        { name: 'ipv6-public-subnet', cidr: '2001:db8::/64', gateway: '2001:db8::2', dhcp: false },
      ],
    },
    {
      name: 'shared',
      project: 'admin',
      shared: true,
      subnets: [{ name: 'shared-subnet', cidr: '192.168.233.0/24', gateway: '192.168.233.1' }],
    },
    {
      name: 'private',
      project: 'demo',
      subnets: [
        { name: 'private-subnet', cidr: '10.0.0.0/26', gateway: '10.0.0.1' },
        { name: 'ipv6-private-subnet', cidr: 'fd00:dead:beef::/64', gateway: 'fd00:dead:beef::1', ipv6Mode: 'slaac' },
      ],
    },
  ],
  routers: [
    {
      name: 'router1',
      project: 'demo',
      externalNetwork: 'public',
      subnets: ['private-subnet', 'ipv6-private-subnet'],
    },
  ],
  description: { user: 'demo', otherUser: 'alt_demo', admin: 'admin' },
}
