import { expect, test } from 'vitest'
import { givenDisk } from '../../test/cinder-on-fake.ts'
import { type DriverOnFake, withDriverOnFake } from '../../test/driver-on-fake.ts'
import { givenPools } from '../../test/octavia-on-fake.ts'
import { stemcellImage, withFile } from '../../test/stemcell-archive.ts'
import { givenVm, leftBehind, vmDefaults } from '../../test/vm-on-fake.ts'

const network = { type: 'manual', cloudProperties: {}, range: '10.77.0.0/24', gateway: '10.77.0.1', netmaskBits: 24 }
const stemcell = { name: 's', version: '1', disk_format: 'raw', container_format: 'bare' }
const pooled = { loadbalancer_pools: [{ name: 'web', port: 80 }], server_group: { name: 'g' } }

/** Makes something; answers how to delete it. */
type Given = (driver: DriverOnFake) => Promise<() => Promise<unknown>>

const vm: Given = async (driver) => {
  const { vm: cid } = await givenVm(driver, { cloudProperties: pooled })
  return () => driver.call().deleteVm(cid)
}
const disk: Given = async (driver) => {
  const cid = await givenDisk(driver)
  return () => driver.call().deleteDisk(cid)
}
const snapshot: Given = async (driver) => {
  const of = await givenDisk(driver)
  const cid = await driver.call().snapshotDisk(of, {})
  return async () => {
    await driver.call().deleteSnapshot(cid)
    driver.cloud.clock.advance('1m') // the fake deletes slowly, though it has said that nothing is there
    await driver.call().deleteDisk(of)
  }
}
const managedNetwork: Given = async (driver) => {
  const { network: cid } = await driver.call().createNetwork(network)
  return () => driver.call().deleteNetwork(cid)
}
const image: Given = async (driver) =>
  await withFile(await stemcellImage(Buffer.alloc(1024)), async (imagePath) => {
    const cid = await driver.call().createStemcell({ imagePath, cloudProperties: stemcell, tags: {} })
    return () => driver.call().deleteStemcell(cid)
  })

/** As when somebody else was quicker, or our own request before its answer got lost: it is gone, and the answer is 404. */
test.each([
  ['a VM: its server', 'compute', 'servers.delete', vm],
  ['a VM: its port', 'network', 'ports.delete', vm],
  ['a VM: its pool membership', 'load-balancer', 'members.delete', vm],
  ['a VM: its server group', 'compute', 'server-groups.delete', vm],
  ['a disk', 'block-storage', 'volumes.delete', disk],
  ['a snapshot', 'block-storage', 'snapshots.delete', snapshot],
  ['a managed network', 'network', 'networks.delete', managedNetwork],
  ['a stemcell', 'image', 'images.delete', image],
] as const)('§3.5 %s: a DELETE that is answered with 404 is a success', (_, service, operation, given) =>
  withDriverOnFake(
    async (driver) => {
      await givenPools(driver, 'web', 'tls')
      const before = leftBehind(driver)
      const remove = await given(driver)
      driver.cloud.faults.add({ match: { service, operation }, when: 'after', do: { respond: { status: 404 } } })
      await remove()
      driver.cloud.faults.assertAllHit()
      driver.cloud.clock.advance('1m')
      expect(leftBehind(driver)).toEqual(before)
    },
    { openstack: vmDefaults },
  ),
)
