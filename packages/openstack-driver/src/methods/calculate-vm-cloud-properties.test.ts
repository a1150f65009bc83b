import { describe, expect, test } from 'vitest'
import { withDriverOnFake } from '../../test/driver-on-fake.ts'
import { failureOf } from '../../test/vm-on-fake.ts'

const wanted = { cpu: 1, ramMiB: 1024, ephemeralDiskMiB: 10 * 1024 }

describe('§7.9 calculate_vm_cloud_properties', () => {
  test('the smallest flavor, in one request', () =>
    withDriverOnFake(async (driver) => {
      const requests = await driver.requestsOf(async () => {
        expect(await driver.call().calculateVmCloudProperties(wanted)).toEqual({ instance_type: 'm1.small.ephemeral' })
      })
      expect(requests).toHaveLength(2)
      expect(requests[1]?.query).toEqual({ minRam: '1024' })
    }))

  test('with boot from volume a whole number of GiB', () =>
    withDriverOnFake(async (driver) => {
      const call = driver.call({ openstack: { boot_from_volume: true } })
      const answer = await call.calculateVmCloudProperties({ ...wanted, ephemeralDiskMiB: 20_000 })
      expect(answer).toEqual({ instance_type: 'm1.nodisk', root_disk: { size: 23 } })
    }))

  test('none: lists all flavors, the small ones too', () =>
    withDriverOnFake(async (driver) => {
      const failure = await failureOf(driver.call().calculateVmCloudProperties({ ...wanted, cpu: 64 }))
      expect(failure).toMatchObject({ code: 'CloudError', message: expect.stringContaining('m1.tiny: 1 CPU') })
    }))
})
