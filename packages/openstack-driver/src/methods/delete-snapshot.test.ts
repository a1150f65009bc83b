import { snapshotCid } from '@openstack-cpi/cpi-core'
import { describe, expect, test } from 'vitest'
import { force, givenDisk, made } from '../../test/cinder-on-fake.ts'
import { withDriverOnFake } from '../../test/driver-on-fake.ts'

describe('§7.20 delete_snapshot', () => {
  test('returns when it is gone; a missing one is a success', () =>
    withDriverOnFake(async (driver) => {
      const snapshot = await driver.call().snapshotDisk(await givenDisk(driver), {})
      await driver.call().deleteSnapshot(snapshot)
      expect(made(driver, 'snapshots')).toEqual([])
      await driver.call().deleteSnapshot(snapshot)
      expect(await driver.requestsOf(() => driver.call().deleteSnapshot(snapshotCid('../x')))).toEqual([])
    }))

  test('one in error is deleted, one in use otherwise is not', () =>
    withDriverOnFake(async (driver) => {
      const snapshot = await driver.call().snapshotDisk(await givenDisk(driver), {})
      force(driver, 'snapshots', snapshot, { status: 'backing-up' })
      await expect(driver.call().deleteSnapshot(snapshot)).rejects.toThrow(
        `Cannot delete snapshot \`${snapshot}', state is backing-up`,
      )
      force(driver, 'snapshots', snapshot, { status: 'error' })
      await driver.call().deleteSnapshot(snapshot)
      expect(made(driver, 'snapshots')).toEqual([])
    }))

  test('§3.5 succeeds when the deletion gets no response', () =>
    withDriverOnFake(async (driver) => {
      const snapshot = await driver.call().snapshotDisk(await givenDisk(driver), {})
      driver.cloud.faults.add({
        match: { service: 'block-storage', operation: 'snapshots.delete' },
        when: 'after',
        do: { reset: true },
      })
      driver.cloud.faults.add({ match: { transition: 'snapshots.delete.gone' }, do: { delay: '20s' } })
      await driver.call().deleteSnapshot(snapshot)
      expect(made(driver, 'snapshots')).toEqual([])
      driver.cloud.faults.assertAllHit()
    }))

  test('a deletion that fails', () =>
    withDriverOnFake(async (driver) => {
      const snapshot = await driver.call().snapshotDisk(await givenDisk(driver), {})
      driver.cloud.faults.add({
        match: { transition: 'snapshots.delete.gone' },
        do: { state: { to: 'error_deleting' } },
      })
      await expect(driver.call().deleteSnapshot(snapshot)).rejects.toThrow(/error_deleting/)
    }))
})
