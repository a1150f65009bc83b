import { describe, expect, test } from 'vitest'
import { made } from './cinder-on-fake.ts'
import { withDriverOnFake } from './driver-on-fake.ts'
import { agentSettingsOf, givenVm, portsOf, serverOf, vmDefaults } from './vm-on-fake.ts'

const withOptions = (openstack: object) => ({ openstack: { ...vmDefaults, ...openstack } })

describe('§1.1 what properties do to a VM', () => {
  test.each([true, false])('use_dhcp: %s is what the agent and the director are told', (use_dhcp) =>
    withDriverOnFake(async (driver) => {
      const { networks } = await givenVm(driver)
      expect(networks['default']).toMatchObject({ use_dhcp })
      expect(agentSettingsOf(driver)).toMatchObject({ networks: { default: { use_dhcp } } })
    }, withOptions({ use_dhcp })),
  )

  test.each([
    ['disk', 'True'],
    ['cdrom', 'True'],
    [null, ''],
  ])('config_drive: %s', (config_drive, shown) =>
    withDriverOnFake(async (driver) => {
      const { vm } = await givenVm(driver)
      expect(await serverOf(driver, vm)).toMatchObject({ config_drive: shown })
    }, withOptions({ config_drive })),
  )

  test('default_key_name, unless the VM type has a key_name', () =>
    withDriverOnFake(async (driver) => {
      const usual = await givenVm(driver)
      expect(await serverOf(driver, usual.vm)).toMatchObject({ key_name: 'bosh' })
      await driver.call().deleteVm(usual.vm)
      const failure = givenVm(driver, { cloudProperties: { key_name: 'of-the-type' } })
      await expect(failure).rejects.toThrow("Key-pair 'of-the-type' not found")
    }, withOptions({})))

  test('tag_resources: false leaves ports without tags and the boot volume without the metadata of the director', () =>
    withDriverOnFake(
      async (driver) => {
        const { vm } = await givenVm(driver, { cloudProperties: { boot_from_volume: true, root_disk: { size: 2 } } })
        const before = made(driver, 'volumes')
        await driver.call().setVmMetadata(vm, { deployment: 'cf' })
        expect((await portsOf(driver, vm)).map(({ tags }) => tags)).toEqual([[]])
        expect(made(driver, 'volumes')).toEqual(before)
        expect(await serverOf(driver, vm)).toMatchObject({ metadata: { deployment: 'cf' } })
      },
      withOptions({ tag_resources: false }),
    ))
})
