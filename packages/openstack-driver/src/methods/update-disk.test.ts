import { describe, expect, test } from 'vitest'
import { absentDisk, force, givenDisk, made } from '../../test/cinder-on-fake.ts'
import { type DriverOnFake, named, withDriverOnFake } from '../../test/driver-on-fake.ts'
import { failureOf } from '../../test/vm-on-fake.ts'

const gib = 1024
const retypes = { service: 'block-storage', operation: 'volumes.retype' } as const

/** The only volume, with the name of its type. */
async function volume(driver: DriverOnFake): Promise<unknown> {
  const [record] = made(driver, 'volumes')
  const types = driver.cloud.state()['volume_types'] ?? []
  const type = types.find(({ id }) => id === record?.['volume_type_id'])
  return {
    size: record?.['size'],
    status: record?.['status'],
    type: type === undefined ? null : Reflect.get(type, 'name'),
  }
}

describe('§7.16 update_disk', () => {
  test('changes the type, then the size, in place', () =>
    withDriverOnFake(async (driver) => {
      const disk = await givenDisk(driver, 1, 'standard')
      const requests = await driver.requestsOf(async () => {
        expect(await driver.call().updateDisk(disk, 3 * gib, { type: 'fast' })).toBeUndefined()
      })
      expect(await volume(driver)).toEqual({ size: 3, status: 'available', type: 'fast' })
      expect(requests.find(({ operation }) => operation === retypes.operation)?.request).toEqual({
        'os-retype': { new_type: 'fast', migration_policy: 'on-demand' },
      })
      const changes = named(requests).filter((name) => !/show|tokens/.test(name))
      expect(changes).toEqual(['block-storage volumes.retype', 'block-storage volumes.extend'])
    }))

  test('nothing to change: one look', () =>
    withDriverOnFake(async (driver) => {
      const disk = await givenDisk(driver, 2, 'fast')
      const requests = await driver.requestsOf(() => driver.call().updateDisk(disk, 2 * gib, { type: 'fast' }))
      expect(named(requests)).toEqual(['identity tokens.create', 'block-storage volumes.show'])
    }))

  test('a type may be given by its id', () =>
    withDriverOnFake(async (driver) => {
      const disk = await givenDisk(driver, 1, 'standard')
      const fast = (driver.cloud.state()['volume_types'] ?? []).find((type) => Reflect.get(type, 'name') === 'fast')
      await driver.call().updateDisk(disk, gib, { type: String(fast?.id) })
      expect(await volume(driver)).toMatchObject({ type: 'fast' })
      await driver.call().updateDisk(disk, gib, { type: String(fast?.id) })
    }))

  test('the configured type counts when the disk type has none', () =>
    withDriverOnFake(async (driver) => {
      const disk = await givenDisk(driver, 1, 'standard')
      await driver.call({ openstack: { default_volume_type: 'fast' } }).updateDisk(disk, gib, {})
      expect(await volume(driver)).toMatchObject({ type: 'fast' })
      await driver.call().updateDisk(disk, gib, {})
      expect(await volume(driver)).toMatchObject({ type: 'fast' })
    }))

  test.each([
    ['smaller', gib, {}],
    ['another zone', 2 * gib, { availability_zone: 'z2' }],
  ])('%s: NotSupported before anything is changed', (_, sizeMiB, properties) =>
    withDriverOnFake(async (driver) => {
      const disk = await givenDisk(driver, 2, 'standard')
      await expect(driver.call().updateDisk(disk, sizeMiB, { type: 'fast', ...properties })).rejects.toMatchObject({
        code: 'NotSupported',
      })
      expect(await volume(driver)).toEqual({ size: 2, status: 'available', type: 'standard' })
    }),
  )

  test.each([400, 403])('a refused retype (%i): NotSupported, and the size is as before', (status) =>
    withDriverOnFake(async (driver) => {
      const disk = await givenDisk(driver, 1, 'standard')
      driver.cloud.faults.add({ match: retypes, do: { respond: { status } } })
      await expect(driver.call().updateDisk(disk, 2 * gib, { type: 'fast' })).rejects.toMatchObject({
        code: 'NotSupported',
      })
      expect(await volume(driver)).toEqual({ size: 1, status: 'available', type: 'standard' })
    }),
  )

  test('an extension that is refused after the retype is no NotSupported: something was changed', () =>
    withDriverOnFake(async (driver) => {
      const disk = await givenDisk(driver, 1, 'standard')
      driver.cloud.faults.add({
        match: { service: 'block-storage', operation: 'volumes.extend' },
        do: { respond: { status: 403, body: { forbidden: { code: 403, message: 'not by policy' } } } },
      })
      const { code } = await failureOf(driver.call().updateDisk(disk, 2 * gib, { type: 'fast' }))
      expect(code).not.toBe('NotSupported')
      expect(await volume(driver)).toEqual({ size: 1, status: 'available', type: 'fast' })
    }))

  test('a retype that leaves the old type is a failure', () =>
    withDriverOnFake(async (driver) => {
      const disk = await givenDisk(driver, 1, 'standard')
      driver.cloud.faults.add({ match: { transition: 'volumes.retype.retyped' }, do: { state: { to: 'available' } } })
      await expect(driver.call().updateDisk(disk, 2 * gib, { type: 'fast' })).rejects.toMatchObject({
        code: 'CloudError',
        message: expect.stringMatching(/type is still 'standard' instead of 'fast'/),
      })
      expect(await volume(driver)).toMatchObject({ size: 1 })
    }))

  test('a retype may take twelve times as long as other changes', () =>
    withDriverOnFake(async (driver) => {
      const disk = await givenDisk(driver, 1, 'standard')
      driver.cloud.faults.add({ match: { transition: 'volumes.retype.retyped' }, do: { delay: '3500s' } })
      await driver.call({ openstack: { state_timeout: 300 } }).updateDisk(disk, gib, { type: 'fast' })
      expect(await volume(driver)).toMatchObject({ type: 'fast' })
    }))

  test('an unknown type, a missing disk, an attached one', () =>
    withDriverOnFake(async (driver) => {
      const disk = await givenDisk(driver)
      await expect(driver.call().updateDisk(disk, gib, { type: 'nope' })).rejects.toMatchObject({
        code: 'CloudError',
        message: expect.stringMatching(/nope could not be found/),
      })
      await expect(driver.call().updateDisk(absentDisk, gib, {})).rejects.toMatchObject({ code: 'DiskNotFound' })
      force(driver, 'volumes', disk, { status: 'in-use' })
      await expect(driver.call().updateDisk(disk, gib, { type: 'fast' })).rejects.toMatchObject({ code: 'CloudError' })
    }))

  test.each([['before'], ['after']] as const)('§3.5 the connection breaks %s the retype takes effect', (when) =>
    withDriverOnFake(async (driver) => {
      const disk = await givenDisk(driver, 1, 'standard')
      driver.cloud.faults.add({ match: retypes, when, do: { reset: true } })
      await driver.call().updateDisk(disk, gib, { type: 'fast' })
      expect(await volume(driver)).toMatchObject({ type: 'fast', status: 'available' })
      driver.cloud.faults.assertAllHit()
    }),
  )
})
