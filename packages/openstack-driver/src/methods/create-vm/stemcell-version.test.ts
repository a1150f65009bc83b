import { describe, expect, test } from 'vitest'
import { givenDisk, made } from '../../../test/cinder-on-fake.ts'
import { withDriverOnFake } from '../../../test/driver-on-fake.ts'
import { failureOf, givenVm, leftBehind, vmDefaults } from '../../../test/vm-on-fake.ts'

const options = { openstack: vmDefaults }

describe("contract §5 the version of the VM's stemcell", () => {
  test.each([undefined, 2, 3])('%s: the settings are in the user data', (stemcellApiVersion) =>
    withDriverOnFake(async (driver) => {
      await givenVm(driver, {}, stemcellApiVersion === undefined ? {} : { stemcellApiVersion })
      expect(made(driver, 'servers')[0]?.['user_data']).toEqual(expect.any(String))
    }, options),
  )

  test('contract §3 1: create_vm refuses, with nothing asked of the cloud; no other method decides by it', () =>
    withDriverOnFake(async (driver) => {
      const old = { stemcellApiVersion: 1 }
      const requests = await driver.requestsOf(() => failureOf(givenVm(driver, {}, old)))
      expect(requests).toEqual([])
      const { vm } = await givenVm(driver)
      const disk = await givenDisk(driver)
      expect(await driver.call(old).hasVm(vm)).toBe(true)
      expect(await driver.call(old).attachDisk(vm, disk)).toBe('/dev/sdb')
      await driver.call(old).detachDisk(vm, disk)
      await driver.call(old).deleteVm(vm)
      await driver.call(old).deleteDisk(disk)
      expect(leftBehind(driver)).toEqual({})
    }, options))
})
