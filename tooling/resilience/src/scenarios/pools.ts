import { idIn } from '@openstack-cpi/harness/fake-api'
import type { Fixture } from '../fixture.ts'

/** A load balancer with these pools; returns its id. */
export async function createPools(fixture: Fixture, names: readonly string[], name = 'lb'): Promise<string> {
  const make = async (collection: string, key: string, fields: object): Promise<string> => {
    const body = await fixture.api('POST', `load-balancer/v2/lbaas/${collection}`, { [key]: fields })
    fixture.cloud.clock.advance('10s')
    return idIn(body, key)
  }
  const vip_subnet_id = fixture.idOf('subnets', 'bosh-net-subnet')
  const loadbalancer_id = await make('loadbalancers', 'loadbalancer', { name, vip_subnet_id })
  for (const [index, name] of names.entries()) {
    const listener = { name, protocol: 'TCP', protocol_port: 80 + index, loadbalancer_id }
    const listener_id = await make('listeners', 'listener', listener)
    await make('pools', 'pool', { name, protocol: 'TCP', lb_algorithm: 'ROUND_ROBIN', listener_id })
  }
  return loadbalancer_id
}
