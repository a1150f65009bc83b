import type { DriverOnFake } from './driver-on-fake.ts'
import { type Answer, type GivenVm, idOf, post, read } from './vm-on-fake.ts'

/** A VM in the pools `web` and `tls`. */
export const inTwoPools = {
  cloudProperties: {
    loadbalancer_pools: [
      { name: 'web', port: 8080 },
      { name: 'tls', port: '8443', monitoring_port: 9000 },
    ],
  },
} satisfies GivenVm

/** A fault: Octavia refuses the request for good. */
export const refusedByOctavia = {
  respond: { status: 400, body: { faultcode: 'Client', faultstring: 'injected', debuginfo: null } },
} as const

/** The path of Octavia's API, or of Neutron's former extension where there is no Octavia. */
const base = ({ cloudOptions }: DriverOnFake): string =>
  cloudOptions.loadBalancing === 'neutron' ? 'network/v2.0/lbaas' : 'load-balancer/v2/lbaas'

/** Lets the cloud finish what it is at. */
function settle({ cloud }: DriverOnFake): void {
  cloud.clock.advance('10s')
}

async function create(driver: DriverOnFake, collection: string, key: string, fields: Answer): Promise<string> {
  const answer = await post(driver, `${base(driver)}/${collection}`, { [key]: fields })
  settle(driver)
  return String((answer[key] as Answer)['id']) // an object, by the API's contract
}

/** A load balancer with a TCP pool for each name. @returns ids of the pools by name; the last one's where names repeat */
export async function givenPools<Name extends string>(
  driver: DriverOnFake,
  ...names: readonly Name[]
): Promise<Record<Name, string>> {
  const vip_subnet_id = idOf(driver, 'subnets', 'bosh-net-subnet')
  const loadbalancer_id = await create(driver, 'loadbalancers', 'loadbalancer', { name: 'lb', vip_subnet_id })
  const pools: [Name, string][] = []
  for (const [index, name] of names.entries()) {
    const listener = { name, protocol: 'TCP', protocol_port: 80 + index, loadbalancer_id }
    const listener_id = await create(driver, 'listeners', 'listener', listener)
    const pool = { name, protocol: 'TCP', lb_algorithm: 'ROUND_ROBIN', listener_id }
    pools.push([name, await create(driver, 'pools', 'pool', pool)])
  }
  return Object.fromEntries(pools) as Record<Name, string> // one entry for each name
}

/** The members of a pool as Octavia shows them. */
export async function membersOf(driver: DriverOnFake, poolId: string): Promise<readonly Answer[]> {
  settle(driver)
  return (await read(driver, `${base(driver)}/pools/${poolId}/members`))['members'] as readonly Answer[] // as above
}

/** The only load balancer as Octavia shows it this moment. */
export async function balancerOf(driver: DriverOnFake): Promise<Answer> {
  const [balancer] = (await read(driver, `${base(driver)}/loadbalancers`))['loadbalancers'] as readonly Answer[] // as above
  return balancer ?? {}
}
