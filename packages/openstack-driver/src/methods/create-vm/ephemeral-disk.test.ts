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
    'on a SCSI bus is refused before anything is made: %j',
    (boot) =>
      withDriverOnFake(async (driver) => {
        setDiskBus(driver, 'scsi')
        const requests = await driver.requestsOf(async () => {
          const cloudProperties = { ...ephemeral.cloudProperties, ...boot }
          expect(await failureOf(givenVm(driver, { cloudProperties }))).toMatchObject({
            code: 'VmCreationFailed',
            okToRetry: false,
            message: expect.stringMatching(/'m1\.tiny\.ephemeral' has an ephemeral disk.*scsi bus.*hw_disk_bus virtio/),
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

  test('is not needed on a SCSI bus: a flavor without one is accepted', () =>
    withDriverOnFake(async (driver) => {
      setDiskBus(driver, 'scsi')
      await givenVm(driver)
      expect(agentSettingsOf(driver)).toMatchObject({ disks: { ephemeral: null } })
    }, options))
})
