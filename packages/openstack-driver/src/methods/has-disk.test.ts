import { diskCid } from '@openstack-cpi/cpi-core'
import { describe, expect, test } from 'vitest'
import { absentDisk, givenDisk } from '../../test/cinder-on-fake.ts'
import { withDriverOnFake } from '../../test/driver-on-fake.ts'

describe('§7.12 has_disk', () => {
  test('true, false, and false for what is no id', () =>
    withDriverOnFake(async (driver) => {
      const disk = await givenDisk(driver)
      expect(await driver.call().hasDisk(disk)).toBe(true)
      expect(await driver.call().hasDisk(absentDisk)).toBe(false)
      expect(
        await driver.requestsOf(async () => expect(await driver.call().hasDisk(diskCid('..'))).toBe(false)),
      ).toEqual([])
    }))

  test('when the cloud cannot tell, neither can we', () =>
    withDriverOnFake(async (driver) => {
      driver.cloud.faults.add({
        match: { service: 'block-storage', operation: 'volumes.show' },
        do: { respond: { status: 403 } },
      })
      await expect(driver.call().hasDisk(absentDisk)).rejects.toThrow(/403/)
    }))
})
