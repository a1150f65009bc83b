import { createFakeWithParts } from '../src/fake-openstack.ts'

type Options = NonNullable<Parameters<typeof createFakeWithParts>[0]>

/** What tests look at in a resource of Neutron or Octavia. */
export interface Row {
  id: string
  name: string
  status: string
  project_id: string
  mac_address: string
  device_id: string
  fixed_ips: { subnet_id: string; ip_address: string }[]
  security_groups: string[]
  security_group_rules: { direction: string; ethertype: string; remote_group_id: string | null }[]
  allowed_address_pairs: { mac_address: string; ip_address: string }[]
  allocation_pools: { start: string; end: string }[]
  gateway_ip: string | null
  cidr: string
  tags: string[]
  port_id: string | null
  router_id: string | null
  floating_ip_address: string
  fixed_ip_address: string | null
  subnets: string[]
  revision_number: number
  provisioning_status: string
  operating_status: string
  vip_address: string
  vip_port_id: string
  address: string
  weight: number
  protocol_port: number
  default_pool_id: string | null
  loadbalancers: { id: string }[]
  members: { id: string }[]
}

interface Link {
  rel: string
  href: string
}

/** Envelopes; a test looks at the one that its request answers. */
export interface Body {
  networks: Row[]
  network: Row
  subnets: Row[]
  subnet: Row
  subnetpool: Row
  ports: Row[]
  port: Row
  ports_links: Link[]
  security_groups: Row[]
  security_group: Row
  security_group_rule: Row
  floatingips: Row[]
  floatingip: Row
  routers: Row[]
  router: Row
  quota: Record<string, { limit: number; used: number }>
  tags: string[]
  NeutronError: { type: string; message: string; detail: string }
  loadbalancer: Row
  loadbalancers: Row[]
  loadbalancers_links: Link[]
  listener: Row
  pool: Row
  pools: Row[]
  member: Row
  members: Row[]
  healthmonitor: Row
  statuses: { loadbalancer: Row & { listeners: (Row & { pools: Row[] })[] } }
  faultstring: string
  description: string
}

export interface Answer {
  status: number
  body: Body
}

export type Ask = (request: string, body?: unknown) => Promise<Answer>

/** A cloud with clients of Neutron and Octavia, asked as `ask('GET /ports?limit=1')`. */
export const networkCloud = async (options: Options = {}) => {
  const cloud = createFakeWithParts(options)

  const clientOf = async (user: string, base: string): Promise<Ask> => {
    const token = await cloud.token(user)
    return async (request, body) => {
      const at = request.indexOf(' ')
      const response = await cloud.fetch(cloud.url + base + request.slice(at + 1), {
        method: request.slice(0, at),
        headers: { 'x-auth-token': token, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      })
      const text = await response.text()
      // A test knows which envelope it asked for.
      return { status: response.status, body: (text === '' ? {} : JSON.parse(text)) as Body }
    }
  }
  const neutronOf = (user: string) => clientOf(user, '/network/v2.0')
  const octaviaOf = (user: string) => clientOf(user, '/load-balancer/v2/lbaas')
  const neutron = await neutronOf('bosh')

  /** Id of what the seed calls so: `idOf('networks', 'bosh-net')`. */
  const idOf = async (kind: 'networks' | 'subnets' | 'routers' | 'security_groups', name: string): Promise<string> => {
    const { body } = await neutron(`GET /${kind.replaceAll('_', '-')}?name=${name}`)
    const [first] = body[kind]
    if (!first) throw new Error(`there is no ${name} among the ${kind}`)
    return first.id
  }
  return {
    cloud,
    neutron,
    neutronOf,
    octaviaOf,
    octavia: await octaviaOf('bosh'),
    lbaas: await clientOf('bosh', '/network/v2.0/lbaas'),
    idOf,
    net: await idOf('networks', 'bosh-net'),
    subnet: await idOf('subnets', 'bosh-net-subnet'),
    external: await idOf('networks', 'public'),
  }
}

/** Type and message of Neutron's refusal, behind its status. */
export const refusal = ({ status, body }: Answer): [number, string, string] => [
  status,
  body.NeutronError.type,
  body.NeutronError.message,
]

/** An id that nothing has. */
export const unknownId = '00000000-1111-2222-3333-444444444444'
