import { describe, expect, test } from 'vitest'
import { force } from '../../../test/cinder-on-fake.ts'
import { type DriverOnFake, named, withDriverOnFake } from '../../../test/driver-on-fake.ts'
import { agentSettingsOf, failureOf, givenVm, idOf, leftBehind, vmDefaults } from '../../../test/vm-on-fake.ts'

const options = { openstack: vmDefaults }
const ephemeral = { cloudProperties: { instance_type: 'm1.tiny.ephemeral' } }

/** Gives the stemcell's image a disk bus, as its owner would. */
function setDiskBus(driver: DriverOnFake, hw_disk_bus: string): void {
  force(driver, 'images', idOf(driver, 'images', 'tiny-image'), { properties: { hw_disk_bus } })
}

describe('§8.1 create_vm with an ephemeral disk', () => {
  test.each([{}, { boot_from_volume: true, root_disk: { size: 3 } }])(
    'on a SATA bus is refused before anything is made: %j',
    (boot) =>
      withDriverOnFake(async (driver) => {
        setDiskBus(driver, 'sata')
        const requests = await driver.requestsOf(async () => {
          const cloudProperties = { ...ephemeral.cloudProperties, ...boot }
          expect(await failureOf(givenVm(driver, { cloudProperties }))).toMatchObject({
            code: 'VmCreationFailed',
            okToRetry: false,
            message: expect.stringMatching(/'m1\.tiny\.ephemeral' has an ephemeral disk.*sata bus.*hw_disk_bus virtio/),
          })
        })
        expect(named(requests).filter((name) => /create|update/.test(name))).toEqual(['identity tokens.create'])
        expect(leftBehind(driver)).toEqual({})
      }, options),
  )

  test('on a virtio bus is told to the agent', () =>
    withDriverOnFake(async (driver) => {
      setDiskBus(driver, 'virtio')
      await givenVm(driver, ephemeral)
      expect(agentSettingsOf(driver)).toMatchObject({ disks: { ephemeral: '/dev/sdb' } })
    }, options))

  test('on a SCSI bus is told to the agent by a name that probing does not change', () =>
    withDriverOnFake(async (driver) => {
      setDiskBus(driver, 'scsi')
      await givenVm(driver, ephemeral)
      const link = '/dev/disk/by-id/scsi-0QEMU_QEMU_HARDDISK_drive-scsi0-0-0-1'
      expect(agentSettingsOf(driver)).toMatchObject({ disks: { ephemeral: link } })
    }, options))

  test('on a SCSI bus is refused with disk_hint: letter', () =>
    withDriverOnFake(
      async (driver) => {
        setDiskBus(driver, 'scsi')
        expect((await failureOf(givenVm(driver, ephemeral))).message).toMatch(/scsi bus/)
        expect(leftBehind(driver)).toEqual({})
      },
      { openstack: { ...vmDefaults, disk_hint: 'letter' } },
    ))

  test('is not needed on a SATA bus: a flavor without one is accepted', () =>
    withDriverOnFake(async (driver) => {
      setDiskBus(driver, 'sata')
      await givenVm(driver)
      expect(agentSettingsOf(driver)).toMatchObject({ disks: { ephemeral: null } })
    }, options))
})
