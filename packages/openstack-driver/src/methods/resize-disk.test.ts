import { describe, expect, test } from 'vitest'
import { absentDisk, force, givenDisk, made } from '../../test/cinder-on-fake.ts'
import { named, withDriverOnFake } from '../../test/driver-on-fake.ts'

const actions = { service: 'block-storage', operation: 'volumes.extend' } as const

describe('§7.15 resize_disk', () => {
  test('extends the volume and returns when it has the new size', () =>
    withDriverOnFake(async (driver) => {
      const disk = await givenDisk(driver)
      const requests = await driver.requestsOf(() => driver.call().resizeDisk(disk, 2049))
      expect(made(driver, 'volumes')).toMatchObject([{ id: disk, size: 3, status: 'available' }])
      expect(named(requests).slice(0, 3)).toEqual([
        'identity tokens.create',
        'block-storage volumes.show',
        'block-storage volumes.extend',
      ])
    }))

  test('the same size in GiB: success without a change', () =>
    withDriverOnFake(async (driver) => {
      const disk = await givenDisk(driver, 2)
      const requests = await driver.requestsOf(() => driver.call().resizeDisk(disk, 2000))
      expect(named(requests)).toEqual(['identity tokens.create', 'block-storage volumes.show'])
    }))

  test('a call that is repeated while Cinder still extends the disk for the first one succeeds', () =>
    withDriverOnFake(async (driver) => {
      const disk = await givenDisk(driver)
      driver.cloud.faults.add({ match: { transition: 'volumes.extend.extended' }, do: { delay: '20s' } })
      await expect(driver.call({ endsWhileWaiting: true }).resizeDisk(disk, 2048)).rejects.toThrow('interrupted')
      expect(made(driver, 'volumes')).toMatchObject([{ size: 1, status: 'extending' }])
      await driver.call().resizeDisk(disk, 2048)
      expect(made(driver, 'volumes')).toMatchObject([{ size: 2, status: 'available' }])
      expect(driver.cloud.journal.of('volumes.extend')).toHaveLength(1)
    }))

  test('two calls at the same time: both succeed', () =>
    withDriverOnFake(async (driver) => {
      const disk = await givenDisk(driver)
      await Promise.all([driver.call().resizeDisk(disk, 2048), driver.call().resizeDisk(disk, 2048)])
      expect(made(driver, 'volumes')).toMatchObject([{ size: 2, status: 'available' }])
    }))

  test('smaller: NotSupported, so that the director copies', () =>
    withDriverOnFake(async (driver) => {
      const disk = await givenDisk(driver, 2)
      await expect(driver.call().resizeDisk(disk, 1024)).rejects.toMatchObject({ code: 'NotSupported' })
      expect(made(driver, 'volumes')).toMatchObject([{ size: 2 }])
    }))

  test('a missing disk', () =>
    withDriverOnFake(async (driver) => {
      await expect(driver.call().resizeDisk(absentDisk, 2048)).rejects.toMatchObject({ code: 'DiskNotFound' })
    }))

  test('an attached disk: refused before anything is asked', () =>
    withDriverOnFake(async (driver) => {
      const disk = await givenDisk(driver)
      force(driver, 'volumes', disk, { status: 'in-use' })
      const requests = await driver.requestsOf(() =>
        expect(driver.call().resizeDisk(disk, 2048)).rejects.toMatchObject({
          code: 'CloudError',
          message: expect.stringMatching(/its state is in-use/),
        }),
      )
      expect(named(requests)).not.toContain('block-storage volumes.extend')
    }))

  test('a disk that Cinder calls available though it records an attachment: refused, naming the server', () =>
    withDriverOnFake(async (driver) => {
      const disk = await givenDisk(driver)
      const recorded = { id: disk, size: 1, status: 'available', attachments: [{ server_id: 'a-server' }] }
      driver.cloud.faults.add({
        match: { service: 'block-storage', operation: 'volumes.show' },
        do: { respond: { status: 200, body: { volume: recorded } } },
      })
      await expect(driver.call().resizeDisk(disk, 2048)).rejects.toThrow("it is attached to server `a-server'")
      expect(made(driver, 'volumes')).toMatchObject([{ size: 1 }])
    }))

  test('an extension that fails', () =>
    withDriverOnFake(async (driver) => {
      const disk = await givenDisk(driver)
      driver.cloud.faults.add({
        match: { transition: 'volumes.extend.extended' },
        do: { state: { to: 'error_extending' } },
      })
      await expect(driver.call().resizeDisk(disk, 2048)).rejects.toThrow(/state is error_extending/)
    }))

  test('an extension that Cinder gives up: the size is checked, not only the state', () =>
    withDriverOnFake(async (driver) => {
      const disk = await givenDisk(driver)
      driver.cloud.faults.add({ match: { transition: 'volumes.extend.extended' }, do: { state: { to: 'available' } } })
      await expect(driver.call().resizeDisk(disk, 2048)).rejects.toThrow(/it still has 1 GiB instead of 2 GiB/)
    }))

  test('a used-up quota: NoDiskSpace, the disk as before', () =>
    withDriverOnFake(async (driver) => {
      const disk = await driver.call({ user: 'bosh-small' }).createDisk({ sizeMiB: 1024, cloudProperties: {} })
      await expect(driver.call({ user: 'bosh-small' }).resizeDisk(disk, 5 * 1024)).rejects.toMatchObject({
        code: 'NoDiskSpace',
        okToRetry: false,
      })
      expect(made(driver, 'volumes')).toMatchObject([{ size: 1, status: 'available' }])
    }))

  test.each([['before'], ['after']] as const)('§3.5 the connection breaks %s the extension takes effect', (when) =>
    withDriverOnFake(async (driver) => {
      const disk = await givenDisk(driver)
      driver.cloud.faults.add({ match: actions, when, do: { reset: true } })
      await driver.call().resizeDisk(disk, 2048)
      expect(made(driver, 'volumes')).toMatchObject([{ size: 2, status: 'available' }])
      driver.cloud.faults.assertAllHit()
    }),
  )

  test('§3.5 Cinder puts it off: asked again when it said, however often', () =>
    withDriverOnFake(
      async (driver) => {
        const disk = await givenDisk(driver)
        const busy = { status: 503, headers: { 'retry-after': '90' } }
        driver.cloud.faults.add({ match: actions, times: 3, do: { respond: busy } })
        const startMs = driver.cloud.clock.now()
        await driver.call().resizeDisk(disk, 2048)
        expect(made(driver, 'volumes')).toMatchObject([{ size: 2, status: 'available' }])
        expect(driver.cloud.clock.now() - startMs).toBeGreaterThanOrEqual(270_000)
      },
      { openstack: { request_retries: 1 } },
    ))
})
