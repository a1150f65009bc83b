import type { Service } from '../probe.ts'

/** Ids and names by placeholder: `server`, `network`, `name`. */
export type Placeholders = Readonly<Record<string, string>>

/** An object that requests of the exploration may name and change. */
export interface Creation {
  readonly key: string
  readonly service: Service
  /** The user of the exploration makes it when left out. */
  readonly as?: 'admin'
  readonly path: string
  readonly body: (known: Placeholders) => unknown
  /** Where the id is in the answer. */
  readonly at: readonly string[]
  /** Waits until this value is one of the settled ones. */
  readonly status?: readonly string[]
}

/** Of every user that the exploration makes. */
export const password = 'explore-password'

const network: readonly Creation[] = [
  {
    key: 'network',
    service: 'network',
    path: '/networks',
    at: ['network', 'id'],
    body: ({ name }) => ({ network: { name } }),
  },
  {
    key: 'subnet',
    service: 'network',
    path: '/subnets',
    at: ['subnet', 'id'],
    body: (k) => ({ subnet: { network_id: k['network'], ip_version: 4, cidr: '10.76.0.0/24', name: k['name'] } }),
  },
]
const volume: Creation = {
  key: 'volume',
  service: 'block-storage',
  path: '/volumes',
  at: ['volume', 'id'],
  status: ['volume', 'status'],
  body: ({ name }) => ({ volume: { size: 1, name } }),
}
const securityGroup: Creation = {
  key: 'security_group',
  service: 'network',
  path: '/security-groups',
  at: ['security_group', 'id'],
  body: ({ name }) => ({ security_group: { name, description: 'd' } }),
}
const port: Creation = {
  key: 'port',
  service: 'network',
  path: '/ports',
  at: ['port', 'id'],
  body: (k) => ({ port: { network_id: k['network'], name: k['name'] } }),
}
const lbaas = (key: string, path: string, body: Creation['body']): Creation => ({
  key,
  service: 'load-balancer',
  path,
  at: [key, 'id'],
  status: [key, 'provisioning_status'],
  body,
})

const identityObject = (key: string, path: string, body: Creation['body'], inner = key): Creation => ({
  key,
  service: 'identity',
  path,
  as: 'admin',
  at: [inner, 'id'],
  body,
})

/** What is made for the exploration of a service, in this order. */
export const creations: Readonly<Record<Service, readonly Creation[]>> = {
  // What the cloud and the exploration itself log in with is no target: an accepted request may delete or rename it.
  identity: [
    identityObject(
      'own_domain',
      '/domains',
      (k) => ({ domain: { name: `${k['name']}-target`, enabled: false } }),
      'domain',
    ),
    identityObject(
      'target_project',
      '/projects',
      (k) => ({ project: { name: `${k['name']}-target`, domain_id: 'default' } }),
      'project',
    ),
    identityObject(
      'target_user',
      '/users',
      (k) => ({ user: { name: `${k['name']}-target`, domain_id: 'default', password } }),
      'user',
    ),
    identityObject('group', '/groups', (k) => ({ group: { name: `${k['name']}-target`, domain_id: 'default' } })),
    identityObject('own_role', '/roles', (k) => ({ role: { name: `${k['name']}-target` } }), 'role'),
    identityObject('region', '/regions', (k) => ({ region: { id: `${k['name']}-region` } })),
    identityObject(
      'own_service',
      '/services',
      (k) => ({ service: { name: `${k['name']}-target`, type: 'explored' } }),
      'service',
    ),
    identityObject('endpoint', '/endpoints', (k) => ({
      endpoint: {
        interface: 'public',
        url: 'http://127.0.0.1:1',
        service_id: k['own_service'],
        region_id: k['region'],
      },
    })),
  ],
  compute: [
    ...network,
    volume,
    port,
    {
      key: 'server',
      service: 'compute',
      path: '/servers',
      at: ['server', 'id'],
      status: ['server', 'status'],
      body: (k) => ({
        server: { name: k['name'], flavorRef: '1', imageRef: k['tiny_image'], networks: [{ uuid: k['network'] }] },
      }),
    },
    {
      key: 'server_group',
      service: 'compute',
      path: '/os-server-groups',
      at: ['server_group', 'id'],
      body: ({ name }) => ({ server_group: { name, policies: ['anti-affinity'] } }),
    },
    {
      key: 'keypair',
      service: 'compute',
      path: '/os-keypairs',
      at: ['keypair', 'name'],
      body: ({ name }) => ({ keypair: { name } }),
    },
  ],
  image: [
    {
      key: 'image',
      service: 'image',
      path: '/images',
      at: ['id'],
      body: ({ name }) => ({ name, disk_format: 'raw', container_format: 'bare', tags: ['a'], visibility: 'shared' }),
    },
  ],
  'block-storage': [
    volume,
    {
      key: 'snapshot',
      service: 'block-storage',
      path: '/snapshots',
      at: ['snapshot', 'id'],
      status: ['snapshot', 'status'],
      body: (k) => ({ snapshot: { volume_id: k['volume'], name: k['name'] } }),
    },
  ],
  network: [
    ...network,
    port,
    securityGroup,
    {
      key: 'router',
      service: 'network',
      path: '/routers',
      at: ['router', 'id'],
      body: ({ name }) => ({ router: { name } }),
    },
    {
      key: 'floatingip',
      service: 'network',
      path: '/floatingips',
      at: ['floatingip', 'id'],
      body: (k) => ({ floatingip: { floating_network_id: k['external'] } }),
    },
    {
      key: 'subnetpool',
      service: 'network',
      path: '/subnetpools',
      at: ['subnetpool', 'id'],
      body: ({ name }) => ({ subnetpool: { name, prefixes: ['10.91.0.0/16'] } }),
    },
  ],
  'load-balancer': [
    ...network,
    lbaas('loadbalancer', '/loadbalancers', (k) => ({ loadbalancer: { name: k['name'], vip_subnet_id: k['subnet'] } })),
    lbaas('listener', '/listeners', (k) => ({
      listener: { name: k['name'], loadbalancer_id: k['loadbalancer'], protocol: 'HTTP', protocol_port: 80 },
    })),
    lbaas('pool', '/pools', (k) => ({
      pool: { name: k['name'], loadbalancer_id: k['loadbalancer'], protocol: 'HTTP', lb_algorithm: 'ROUND_ROBIN' },
    })),
    lbaas('l7policy', '/l7policies', (k) => ({
      l7policy: { name: k['name'], listener_id: k['listener'], action: 'REJECT' },
    })),
  ],
}
