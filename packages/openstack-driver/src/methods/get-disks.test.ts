import { type JsonObject, vmCid } from '@openstack-cpi/cpi-core'
import { describe, expect, test } from 'vitest'
import { givenDisk, made } from '../../test/cinder-on-fake.ts'
import { type DriverOnFake, withDriverOnFake } from '../../test/driver-on-fake.ts'
import { absentVm, type GivenServer, givenServer } from '../../test/nova-on-fake.ts'

async function given(driver: DriverOnFake) {
  const vm = await givenServer(driver)
  const volume = await givenDisk(driver)
  await driver.call().attachDisk(vm, volume)
  return { vm, volume }
}

const uncapped = {}

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

  test.each<[string, GivenServer, JsonObject]>([
    ['that goes with the server', {}, uncapped],
    ['that stays when the server goes: the one at the root device', { keepsBootVolume: true }, uncapped],
    ['when Nova cannot tell what goes with it: the one at the root device', {}, { nova_microversion_max: '2.1' }],
  ])('without the boot volume %s', (_, boot, openstack) =>
    withDriverOnFake(
      async (driver) => {
        const vm = await givenServer(driver, { fromVolume: true, ...boot })
        expect(await driver.call().getDisks(vm)).toEqual([])
        const volume = await givenDisk(driver)
        await driver.call().attachDisk(vm, volume)
        const requests = await driver.requestsOf(async () => {
          expect(await driver.call().getDisks(vm)).toEqual([volume])
        })
        expect(requests.some(({ microversion }) => microversion === '2.3')).toBe(openstack === uncapped)
      },
      { openstack },
    ),
  )

  test('the boot volume is known at any device, such as that of an IDE bus', () =>
    withDriverOnFake(async (driver) => {
      const vm = await givenServer(driver, { fromVolume: true })
      const volume = await givenDisk(driver)
      await driver.call().attachDisk(vm, volume)
      const ids = made(driver, 'volumes').map(({ id }) => id)
      driver.cloud.faults.add({
        match: { service: 'compute', operation: 'volume-attachments.list' },
        times: null,
        do: {
          respond: {
            status: 200,
            body: {
              volumeAttachments: ids.map((volumeId) => ({
                volumeId,
                device: volumeId === volume ? '/dev/hdb' : '/dev/hda',
              })),
            },
          },
        },
      })
      expect(await driver.call().getDisks(vm)).toEqual([volume])
    }))

  test('a VM that vanishes between two looks', () =>
    withDriverOnFake(async (driver) => {
      const vm = await givenServer(driver, { fromVolume: true })
      driver.cloud.faults.add({
        match: { service: 'compute', operation: 'servers.show' },
        skip: 1,
        do: {
          respond: { status: 404, body: { itemNotFound: { code: 404, message: 'Instance could not be found.' } } },
        },
      })
      await expect(driver.call().getDisks(vm)).rejects.toMatchObject({ code: 'VmNotFound' })
    }))

  test('a missing VM', () =>
    withDriverOnFake(async (driver) => {
      for (const vm of [absentVm, vmCid('../x')]) {
        await expect(driver.call().getDisks(vm)).rejects.toMatchObject({ code: 'VmNotFound' })
      }
    }))
})
