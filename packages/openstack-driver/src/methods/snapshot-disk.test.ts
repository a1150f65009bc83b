import { describe, expect, test } from 'vitest'
import { absentDisk, force, givenDisk, made } from '../../test/cinder-on-fake.ts'
import { directorUuid, named, requestId, withDriverOnFake } from '../../test/driver-on-fake.ts'
import { givenServer } from '../../test/nova-on-fake.ts'

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

  test('of an attached disk the description ends with its device', () =>
    withDriverOnFake(async (driver) => {
      const disk = await givenDisk(driver)
      await driver.call().attachDisk(await givenServer(driver), disk)
      await driver.call().snapshotDisk(disk, metadata)
      expect(made(driver, 'snapshots')).toMatchObject([{ description: 'cf/nats/0/sdb' }])
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
      expect(requests[2]?.request).toMatchObject({
        snapshot: { force: true, metadata: { deployment: 'cf', director: 'bosh', instance_name: 'nats/i1' } },
      })
    }))

  test('§4 of an attached volume: the description names its device', () =>
    withDriverOnFake(
      async (driver) => {
        const disk = await givenDisk(driver)
        await driver.call().attachDisk(await givenServer(driver), disk)
        await driver.call().snapshotDisk(disk, metadata)
        expect(made(driver, 'snapshots')).toMatchObject([{ description: 'cf/nats/0/vdb' }])
      },
      { cloud: { deviceNames: 'next-free' } },
    ))

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

  test('an interrupted call removes it', () =>
    withDriverOnFake(async (driver) => {
      const disk = await givenDisk(driver)
      await expect(driver.call({ endsWhileWaiting: true }).snapshotDisk(disk, metadata)).rejects.toThrow()
      expect(made(driver, 'snapshots')).toEqual([])
    }))

  test('§3.5 one snapshot when no response is received', () =>
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
