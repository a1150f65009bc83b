import { vmCid } from '@openstack-cpi/cpi-core'
import { describe, expect, test } from 'vitest'
import { givenDisk } from '../../test/cinder-on-fake.ts'
import { type DriverOnFake, withDriverOnFake } from '../../test/driver-on-fake.ts'
import { absentVm, givenServer } from '../../test/nova-on-fake.ts'

async function given(driver: DriverOnFake) {
  const vm = await givenServer(driver)
  const volume = await givenDisk(driver)
  await driver.call().attachDisk(vm, volume)
  return { vm, volume }
}

describe('§7.18 get_disks', () => {
  test('the attached disks, in one look', () =>
    withDriverOnFake(async (driver) => {
      const { vm, volume } = await given(driver)
      const second = await givenDisk(driver)
      await driver.call().attachDisk(vm, second)
      const requests = await driver.requestsOf(async () => {
        expect(await driver.call().getDisks(vm)).toEqual([volume, second])
      })
      expect(requests).toHaveLength(2)
    }))

  test('a disk counts wherever it sits, when the server does not boot from a volume', () =>
    withDriverOnFake(async (driver) => {
      const { vm, volume } = await given(driver)
      // Asked only where one of the volumes may be the root, by the device.
      const atRoot = { volumeAttachments: [{ volumeId: volume, device: '/dev/vda' }] }
      driver.cloud.faults.add({
        match: { service: 'compute', operation: 'volume-attachments.list' },
        times: null,
        do: { respond: { status: 200, body: atRoot } },
      })
      expect(await driver.call().getDisks(vm)).toEqual([volume])
    }))

  test('none: an empty list', () =>
    withDriverOnFake(async (driver) => {
      expect(await driver.call().getDisks(await givenServer(driver))).toEqual([])
    }))

  test('without the boot volume', () =>
    withDriverOnFake(async (driver) => {
      const vm = await givenServer(driver, { fromVolume: true })
      expect(await driver.call().getDisks(vm)).toEqual([])
      const volume = await givenDisk(driver)
      await driver.call().attachDisk(vm, volume)
      expect(await driver.call().getDisks(vm)).toEqual([volume])
    }))

  test('a missing VM', () =>
    withDriverOnFake(async (driver) => {
      for (const vm of [absentVm, vmCid('../x')]) {
        await expect(driver.call().getDisks(vm)).rejects.toMatchObject({ code: 'VmNotFound' })
      }
    }))
})
