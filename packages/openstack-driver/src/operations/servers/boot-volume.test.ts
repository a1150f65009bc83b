import { describe, expect, test } from 'vitest'
import { force, made } from '../../../test/cinder-on-fake.ts'
import { withDriverOnFake } from '../../../test/driver-on-fake.ts'
import { failureOf, givenVm, idOf, leftBehind, serverOf, vmDefaults } from '../../../test/vm-on-fake.ts'

const options = { openstack: vmDefaults }
const old = { openstack: { nova_microversion_max: '2.60' } }
const typed = { boot_from_volume: true, root_disk: { size: 2, type: 'fast' } }

describe('§8.2 boot from volume', () => {
  test.each([
    ['with Nova 2.67 the mapping names the type', {}, '2.67'],
    ['with an older Nova the volume is made beforehand', old, '2.1'],
  ])('%s', (_, how, microversion) =>
    withDriverOnFake(async (driver) => {
      const { vm } = await givenVm(driver, { cloudProperties: typed }, how)
      expect(driver.cloud.journal.of('servers.create')[0]?.microversion).toBe(microversion)
      expect(made(driver, 'volumes')).toMatchObject([{ size: 2, status: 'in-use' }])
      expect(made(driver, 'volumes')).toMatchObject([{ volume_type_id: idOf(driver, 'volume_types', 'fast') }])
      expect(await serverOf(driver, vm)).toMatchObject({ image: '', status: 'ACTIVE' })
      await driver.call().deleteVm(vm)
      expect(leftBehind(driver)).toEqual({})
    }, options),
  )

  test('with an older Nova the volume is made in the zone of the server', () =>
    withDriverOnFake(async (driver) => {
      const { vm } = await givenVm(driver, { cloudProperties: { ...typed, availability_zone: 'z1' } }, old)
      expect(made(driver, 'volumes')).toMatchObject([{ availability_zone: 'z1' }])
      expect(await serverOf(driver, vm)).toMatchObject({ 'OS-EXT-AZ:availability_zone': 'z1' })
    }, options))

  test.each([
    ['min_disk', { min_disk: 3 }],
    ['virtual size', { virtual_size: 3 * 1024 ** 3 }],
  ])("a volume below the image's %s: refused before anything is made", (_, facts) =>
    withDriverOnFake(async (driver) => {
      force(driver, 'images', idOf(driver, 'images', 'tiny-image'), facts)
      const requests = await driver.requestsOf(async () => {
        expect(await failureOf(givenVm(driver, { cloudProperties: typed }))).toMatchObject({
          okToRetry: false,
          message: expect.stringContaining('needs 3 GiB'),
        })
      })
      expect(requests.filter(({ method, service }) => method !== 'GET' && service !== 'identity')).toEqual([])
    }, options),
  )

  test('the configuration can turn it on, and give the type; the VM type has the last word', () =>
    withDriverOnFake(async (driver) => {
      const how = { openstack: { boot_from_volume: true, default_root_volume_type: 'fast' } }
      const { vm } = await givenVm(driver, {}, how)
      expect(made(driver, 'volumes')).toMatchObject([{ volume_type_id: idOf(driver, 'volume_types', 'fast') }])
      await driver.call().deleteVm(vm)
      const other = await givenVm(driver, { cloudProperties: { root_disk: { type: 'standard' } } }, how)
      expect(made(driver, 'volumes')).toMatchObject([{ volume_type_id: idOf(driver, 'volume_types', 'standard') }])
      await driver.call().deleteVm(other.vm)
      await givenVm(driver, { cloudProperties: { boot_from_volume: false } }, how)
      expect(made(driver, 'volumes')).toEqual([])
    }, options))

  test('a volume that does not come to life is removed again', () =>
    withDriverOnFake(async (driver) => {
      driver.cloud.faults.add({
        match: { service: 'block-storage', operation: 'volumes.show' },
        do: { respond: { status: 403, body: { forbidden: { code: 403, message: 'no' } } } },
      })
      await failureOf(givenVm(driver, { cloudProperties: typed }, old))
      expect(leftBehind(driver)).toEqual({})
    }, options))

  test('an unknown type', () =>
    withDriverOnFake(async (driver) => {
      const cloudProperties = { ...typed, root_disk: { size: 2, type: 'zz' } }
      for (const how of [{}, old]) {
        expect(await failureOf(givenVm(driver, { cloudProperties }, how))).toMatchObject({
          okToRetry: false,
          message: expect.stringContaining('zz'),
        })
      }
      expect(leftBehind(driver)).toEqual({})
    }, options))

  test('root_disk without boot from volume: a warning', () =>
    withDriverOnFake(async (driver) => {
      await givenVm(driver, { cloudProperties: { root_disk: { size: 2 } } })
      expect(driver.lines).toContainEqual(expect.stringMatching(/^warn 'root_disk' has no effect/))
    }, options))
})
