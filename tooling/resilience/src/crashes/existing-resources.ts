import { stemcellCloudProperties } from '@openstack-cpi/harness/stemcell'
import { directorUuid, otherDirectorUuid } from '../cpi-request.ts'
import { manualNetwork } from '../fixture.ts'
import { createForeignResources } from '../scenarios/foreign-resources.ts'
import { givenPools } from '../scenarios/pools.ts'
import type { Sandbox } from './sandbox.ts'

const small = { instance_type: 'm1.tiny' }
const poolName = 'existing-pool'

/**
 * Creates what must never count as a leftover of the director: what it knows, in all its states, what a second director
 * has, finished and left over, and what operators created by hand.
 */
export async function createExistingResources(sandbox: Sandbox): Promise<void> {
  const { fixture } = sandbox
  const loadBalancer = await givenPools(fixture, [poolName], 'existing')
  await createMemberByHand(sandbox, loadBalancer)
  await createResourcesOf(sandbox, directorUuid, 1)
  await createResourcesOf(sandbox, otherDirectorUuid, 2)
  await createLeftoversOfOther(sandbox)
  await createForeignResources(fixture)
}

/** VMs, disks, a snapshot, a stemcell and a network that a director knows. */
async function createResourcesOf({ fixture }: Sandbox, uuid: string, digit: number): Promise<void> {
  const as = { directorUuid: uuid }
  const call = (method: string, ...args: readonly unknown[]) => fixture.call(method, args, as)
  const createVm = async (ip: string, cloudProperties: object): Promise<string> => {
    const networks = { private: manualNetwork(fixture, 'bosh-net', ip) }
    const env = { bosh: { group: 'director-cf-db' } }
    const stemcell = fixture.idOf('images', 'tiny-image')
    const made = await call('create_vm', 'agent', stemcell, { ...small, ...cloudProperties }, networks, [], env)
    const [vm] = made as [string] // contract §6.4
    await call('set_vm_metadata', vm, { deployment: 'cf', job: 'db', index: 0 })
    return vm
  }
  const vm = await createVm(`10.10.1.${digit}0`, {
    server_group: { policy: 'soft-anti-affinity' },
    loadbalancer_pools: [{ name: poolName, port: 80 }],
  })
  await createVm(`10.10.1.${digit}1`, { boot_from_volume: true, root_disk: { size: 2 } })
  const attachedDisk = async (): Promise<unknown> => {
    const disk = await call('create_disk', 1024, {}, vm)
    await call('attach_disk', vm, disk)
    return disk
  }
  await attachedDisk()
  await call('create_disk', 1024, {}, vm)
  const orphan = await attachedDisk()
  await call('snapshot_disk', orphan, { deployment: 'cf' })
  await call('detach_disk', vm, orphan)
  await call('create_stemcell', fixture.stemcellPath, stemcellCloudProperties)
  await call('create_network', {
    type: 'manual',
    range: `10.7${digit}.0.0/24`,
    gateway: `10.7${digit}.0.1`,
    cloud_properties: {},
  })
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
  const args = ['agent-dead', fixture.idOf('images', 'tiny-image'), small, networks, [], {}]
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
