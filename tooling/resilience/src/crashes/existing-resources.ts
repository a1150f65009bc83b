import { directorUuid, otherDirectorUuid } from '../cpi-request.ts'
import { manualNetwork } from '../fixture.ts'
import { createPools } from '../scenarios/pools.ts'
import { createByHand, createKnownToDirector } from '../scenarios/surroundings.ts'
import type { Sandbox } from './sandbox.ts'

const poolName = 'existing-pool'

/**
 * Creates what must never count as a leftover of the director: what it knows, in all its states, what a second director
 * has, finished and left over, and what operators created by hand.
 */
export async function createExistingResources(sandbox: Sandbox): Promise<void> {
  const { fixture } = sandbox
  const loadBalancer = await createPools(fixture, [poolName], 'existing')
  await createMemberByHand(sandbox, loadBalancer)
  await createKnownToDirector(fixture, directorUuid, 1)
  await createKnownToDirector(fixture, otherDirectorUuid, 2)
  await createLeftoversOfOther(sandbox)
  await createByHand(fixture)
}

/** What killed calls of the second director left: not ours to list. */
async function createLeftoversOfOther({ fixture, proxy, start }: Sandbox): Promise<void> {
  const running = await start({ method: 'create_disk', arguments: [1024, {}, null] }, otherDirectorUuid)
  proxy.arm({
    n: 3, // it reads the volume that it has created
    moment: 'before',
    spring: async () => {
      running.child.kill('SIGKILL')
      await running.ended
      return 'gone'
    },
  })
  await running.ended
  const networks = { private: manualNetwork(fixture, 'bosh-net', '10.10.1.29') }
  const args = ['agent-dead', fixture.idOf('images', 'tiny-image'), { instance_type: 'm1.tiny' }, networks, [], {}]
  await fixture.call('create_vm', args, { directorUuid: otherDirectorUuid })
}

async function createMemberByHand({ fixture, cloud }: Sandbox, loadBalancer: string): Promise<void> {
  const subnet_id = fixture.idOf('subnets', 'bosh-net-subnet')
  const path = `load-balancer/v2.0/lbaas/pools/${fixture.idOf('pools', poolName)}/members`
  await fixture.api('POST', path, {
    member: { name: 'vm-by-hand', address: '10.10.3.3', protocol_port: 80, subnet_id },
  })
  cloud.clock.advance('1m')
  const { loadbalancer } = await fixture.api('GET', `load-balancer/v2.0/lbaas/loadbalancers/${loadBalancer}`)
  if (Reflect.get(Object(loadbalancer), 'provisioning_status') !== 'ACTIVE') throw new Error('fixture: not ACTIVE')
}
