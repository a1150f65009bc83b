import type { VmCid } from '@openstack-cpi/cpi-core'
import { expect, test } from 'vitest'
import { givenDisk, made } from '../../../test/cinder-on-fake.ts'
import { type DriverOnFake, withDriverOnFake } from '../../../test/driver-on-fake.ts'
import { givenVm, vmDefaults } from '../../../test/vm-on-fake.ts'

/** What the agent reads whenever it starts, and before each disk it is given. */
async function userDataOf({ cloud }: DriverOnFake, vm: VmCid): Promise<string> {
  return await (await cloud.fetch(`${cloud.url}/_fake/metadata/${vm}/latest/user-data`)).text()
}

test('contract §8.2 the settings of the agent stay as they are, whatever is done with its VM', () =>
  withDriverOnFake(
    async (driver) => {
      const { vm } = await givenVm(driver)
      const disk = await givenDisk(driver)
      const atFirst = await userDataOf(driver, vm)
      await driver.call().setVmMetadata(vm, { name: 'router/0', deployment: 'cf' })
      await driver.call().attachDisk(vm, disk)
      await driver.call().rebootVm(vm)
      await driver.call().detachDisk(vm, disk)
      expect(await userDataOf(driver, vm)).toBe(atFirst)
      expect(JSON.parse(atFirst)).toMatchObject({ agent_id: expect.stringMatching(/./) })
    },
    { openstack: { ...vmDefaults, human_readable_vm_names: true } },
  ))

test('contract §6.4 the disks that a VM will get are not attached by create_vm', () =>
  withDriverOnFake(
    async (driver) => {
      const disk = await givenDisk(driver)
      const { vm } = await givenVm(driver, { disks: [disk] })
      expect(made(driver, 'volumes')).toMatchObject([{ id: disk, status: 'available' }])
      expect(await driver.call().getDisks(vm)).toEqual([])
    },
    { openstack: vmDefaults },
  ))
