import { snapshotCid } from '@openstack-cpi/cpi-core'
import { describe, expect, test } from 'vitest'
import { absentDisk, force, givenDisk, made } from '../../test/cinder-on-fake.ts'
import { directorUuid, named, requestId, withDriverOnFake } from '../../test/driver-on-fake.ts'

const metadata = { deployment: 'cf', job: 'nats', index: 0, director_name: 'bosh', instance_id: 'i1', agent_id: 'a1' }

describe('§7.19 snapshot_disk', () => {
  test('makes an available snapshot that says what it is of', () =>
    withDriverOnFake(async (driver) => {
      const disk = await givenDisk(driver)
      const snapshot = await driver.call().snapshotDisk(disk, metadata)
      expect(made(driver, 'snapshots')).toMatchObject([
        {
          id: snapshot,
          volume_id: disk,
          status: 'available',
          name: expect.stringMatching(/^snapshot-[0-9a-f-]{36}$/),
          description: 'cf/nats/0',
          metadata: {
            deployment: 'cf',
            director: 'bosh',
            director_uuid: directorUuid,
            cpi_request_id: requestId,
            instance_index: '0',
            instance_name: 'nats/i1',
            agent_id: 'a1',
          },
        },
      ])
    }))

  test('takes a login, a look and one request before it polls', () =>
    withDriverOnFake(async (driver) => {
      const disk = await givenDisk(driver)
      const requests = await driver.requestsOf(() => driver.call().snapshotDisk(disk, metadata))
      expect(named(requests).slice(0, 3)).toEqual([
        'identity tokens.create',
        'block-storage volumes.show',
        'block-storage snapshots.create',
      ])
    }))

  test('also of a volume in use', () =>
    withDriverOnFake(async (driver) => {
      const disk = await givenDisk(driver)
      force(driver, 'volumes', disk, { status: 'in-use' })
      await driver.call().snapshotDisk(disk, {})
      expect(made(driver, 'snapshots')).toMatchObject([{ status: 'available', description: '' }])
    }))

  test('a missing disk', () =>
    withDriverOnFake(async (driver) => {
      await expect(driver.call().snapshotDisk(absentDisk, metadata)).rejects.toMatchObject({ code: 'DiskNotFound' })
    }))

  test('a used-up quota', () =>
    withDriverOnFake(async (driver) => {
      const small = { user: 'bosh-small' }
      const disk = await driver.call(small).createDisk({ sizeMiB: 1024, cloudProperties: {} })
      await driver.call(small).snapshotDisk(disk, metadata)
      await expect(driver.call(small).snapshotDisk(disk, metadata)).rejects.toMatchObject({
        code: 'NoDiskSpace',
        okToRetry: false,
      })
      expect(made(driver, 'snapshots')).toHaveLength(1)
    }))

  test('one that ends in error is removed', () =>
    withDriverOnFake(async (driver) => {
      const disk = await givenDisk(driver)
      driver.cloud.faults.add({ match: { transition: 'snapshots.create.available' }, do: { state: { to: 'error' } } })
      await expect(driver.call().snapshotDisk(disk, metadata)).rejects.toThrow(/state is error, expected available/)
      expect(made(driver, 'snapshots')).toEqual([])
    }))

  test('a call that is told to end removes it', () =>
    withDriverOnFake(async (driver) => {
      const disk = await givenDisk(driver)
      await expect(driver.call({ endsWhileWaiting: true }).snapshotDisk(disk, metadata)).rejects.toThrow()
      expect(made(driver, 'snapshots')).toEqual([])
    }))

  test('§3.5 a lost answer: one snapshot', () =>
    withDriverOnFake(async (driver) => {
      const disk = await givenDisk(driver)
      driver.cloud.faults.add({
        match: { service: 'block-storage', operation: 'snapshots.create' },
        when: 'after',
        do: { reset: true },
      })
      const snapshot = await driver.call().snapshotDisk(disk, metadata)
      expect(made(driver, 'snapshots')).toMatchObject([{ id: snapshot }])
      driver.cloud.faults.assertAllHit()
    }))
})

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

  test('§3.5 a lost answer to the deletion', () =>
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

describe('§7.17 set_disk_metadata', () => {
  test('merges with what is there, adapted to what Cinder takes, in one request', () =>
    withDriverOnFake(async (driver) => {
      const disk = await givenDisk(driver)
      const given = { deployment: 'cf', 'a/b': 'x'.repeat(300), index: 0, nothing: null, note: 'ä😀' }
      const requests = await driver.requestsOf(() => driver.call().setDiskMetadata(disk, given))
      expect(named(requests)).toEqual(['identity tokens.create', 'block-storage volume-metadata.create'])
      expect(made(driver, 'volumes')).toMatchObject([
        {
          metadata: {
            director_uuid: directorUuid,
            cpi_request_id: requestId,
            deployment: 'cf',
            a_b: 'x'.repeat(255),
            index: '0',
            note: 'ä_',
          },
        },
      ])
    }))

  test('a missing disk, also with nothing to set', () =>
    withDriverOnFake(async (driver) => {
      for (const given of [{ a: 'b' }, {}]) {
        await expect(driver.call().setDiskMetadata(absentDisk, given)).rejects.toMatchObject({ code: 'DiskNotFound' })
      }
    }))
})
