import { diskCid } from '@openstack-cpi/cpi-core'
import { describe, expect, test } from 'vitest'
import { absentDisk, force, givenDisk, made } from '../../test/cinder-on-fake.ts'
import { named, withDriverOnFake } from '../../test/driver-on-fake.ts'
import { givenServer } from '../../test/nova-on-fake.ts'

describe('§7.11 delete_disk', () => {
  test('returns when the volume is gone', () =>
    withDriverOnFake(async (driver) => {
      const disk = await givenDisk(driver)
      const requests = await driver.requestsOf(() => driver.call().deleteDisk(disk))
      expect(made(driver, 'volumes')).toEqual([])
      expect(named(requests).slice(0, 2)).toEqual(['identity tokens.create', 'block-storage volumes.delete'])
      expect(requests.at(-1)).toMatchObject({ operation: 'volumes.show', status: 404 })
    }))

  test('a missing disk is a success, and what is no id needs no request', () =>
    withDriverOnFake(async (driver) => {
      expect(await driver.requestsOf(() => driver.call().deleteDisk(absentDisk))).toHaveLength(2)
      expect(await driver.requestsOf(() => driver.call().deleteDisk(diskCid('../volumes')))).toEqual([])
    }))

  test.each(['in-use', 'maintenance'])('state %s: refused, with the state as the reason', (status) =>
    withDriverOnFake(async (driver) => {
      const disk = await givenDisk(driver)
      force(driver, 'volumes', disk, { status })
      await expect(driver.call().deleteDisk(disk)).rejects.toMatchObject({
        code: 'CloudError',
        message: `Cannot delete volume \`${disk}', state is ${status}`,
      })
      expect(made(driver, 'volumes')).toMatchObject([{ status }])
    }),
  )

  test.each(['error', 'error_extending'])('state %s: deleted', (status) =>
    withDriverOnFake(async (driver) => {
      const disk = await givenDisk(driver)
      force(driver, 'volumes', disk, { status })
      await driver.call().deleteDisk(disk)
      expect(made(driver, 'volumes')).toEqual([])
    }),
  )

  test('state error_deleting: Cinder is asked all the same, and what it says is told', () =>
    withDriverOnFake(async (driver) => {
      const disk = await givenDisk(driver)
      force(driver, 'volumes', disk, { status: 'error_deleting' })
      const requests = await driver.requestsOf(() =>
        expect(driver.call().deleteDisk(disk)).rejects.toThrow(/Invalid volume: Volume status must be available or/),
      )
      expect(named(requests)).toContain('block-storage volumes.delete')
    }))

  test('a deletion that is under way already is waited for', () =>
    withDriverOnFake(async (driver) => {
      const disk = await givenDisk(driver)
      driver.cloud.faults.add({ match: { transition: 'volumes.delete.gone' }, do: { delay: '20s' } })
      await Promise.all([driver.call().deleteDisk(disk), driver.call().deleteDisk(disk)])
      expect(made(driver, 'volumes')).toEqual([])
    }))

  test('a detachment that is under way is waited for', () =>
    withDriverOnFake(async (driver) => {
      const vm = await givenServer(driver)
      const disk = await givenDisk(driver)
      await driver.call().attachDisk(vm, disk)
      driver.cloud.faults.add({ match: { transition: 'volumes.detach.available' }, do: { delay: '20s' } })
      await expect(driver.call({ openstack: { state_timeout: 1 } }).detachDisk(vm, disk)).rejects.toThrow(/Timed out/)
      await driver.call().deleteDisk(disk)
      expect(made(driver, 'volumes')).toEqual([])
    }))

  test('§3.5 the repetition of a deletion without response finds it in progress', () =>
    withDriverOnFake(async (driver) => {
      const disk = await givenDisk(driver)
      driver.cloud.faults.add({
        match: { service: 'block-storage', operation: 'volumes.delete' },
        when: 'after',
        do: { reset: true },
      })
      driver.cloud.faults.add({ match: { transition: 'volumes.delete.gone' }, do: { delay: '20s' } })
      await driver.call().deleteDisk(disk)
      expect(made(driver, 'volumes')).toEqual([])
      driver.cloud.faults.assertAllHit()
    }))

  test('a deletion that fails is told', () =>
    withDriverOnFake(async (driver) => {
      const disk = await givenDisk(driver)
      driver.cloud.faults.add({ match: { transition: 'volumes.delete.gone' }, do: { state: { to: 'error_deleting' } } })
      await expect(driver.call().deleteDisk(disk)).rejects.toThrow(/state is error_deleting, expected deleted/)
    }))

  test('one that takes for ever times out', () =>
    withDriverOnFake(async (driver) => {
      const disk = await givenDisk(driver)
      driver.cloud.faults.add({ match: { transition: 'volumes.delete.gone' }, do: { hold: true } })
      await expect(driver.call().deleteDisk(disk)).rejects.toThrow(/Timed out waiting for Volume.*to be deleted/)
    }))

  test('a disk that a server has is refused, and stays attached', () =>
    withDriverOnFake(async (driver) => {
      const disk = await givenDisk(driver)
      await driver.call().attachDisk(await givenServer(driver), disk)
      await expect(driver.call().deleteDisk(disk)).rejects.toThrow('state is in-use')
      expect(made(driver, 'volumes')).toMatchObject([{ status: 'in-use' }])
      expect(made(driver, 'volume_attachments')).toHaveLength(1)
    }))

  test('snapshots that depend on it are named', () =>
    withDriverOnFake(async (driver) => {
      const disk = await givenDisk(driver)
      const snapshot = await driver.call().snapshotDisk(disk, {})
      await expect(driver.call().deleteDisk(disk)).rejects.toMatchObject({
        code: 'CloudError',
        message: expect.stringContaining(`dependent snapshots, delete them first: \`${snapshot}'`),
      })
    }))
})
