import { vmCid } from '@openstack-cpi/cpi-core'
import { describe, expect, test } from 'vitest'
import { made } from '../../test/cinder-on-fake.ts'
import { directorUuid, named, requestId, withDriverOnFake } from '../../test/driver-on-fake.ts'
import { givenServer } from '../../test/nova-on-fake.ts'

const oneGiB = { sizeMiB: 1024, cloudProperties: {} }
const creations = { service: 'block-storage', operation: 'volumes.create' } as const

describe('§7.10 create_disk', () => {
  test.each([
    ['HTML', '<html>Welcome</html>'],
    ['nothing', ''],
  ])('§3.5 made, but answered with %s: the volume is found by its name', (_, body) =>
    withDriverOnFake(async (driver) => {
      const match = { service: 'block-storage', operation: 'volumes.create' }
      driver.cloud.faults.add({ match, when: 'after', do: { respond: { status: 202, body } } })
      const disk = await driver.call().createDisk({ sizeMiB: 1024, cloudProperties: {} })
      expect(made(driver, 'volumes').map(({ id }) => id)).toEqual([disk])
    }),
  )

  test('a volume that cannot be read is removed all the same', () =>
    withDriverOnFake(async (driver) => {
      const match = { service: 'block-storage', operation: 'volumes.show' }
      driver.cloud.faults.add({ match, times: null, do: { respond: { status: 500, body: {} } } })
      await expect(driver.call().createDisk({ sizeMiB: 1024, cloudProperties: {} })).rejects.toThrow('Timed out')
      driver.cloud.clock.advance('1m')
      expect(made(driver, 'volumes')).toEqual([])
    }))

  test('makes an available volume of the rounded-up size with a unique name', () =>
    withDriverOnFake(async (driver) => {
      const cid = await driver.call().createDisk({ sizeMiB: 1025, cloudProperties: {} })
      expect(made(driver, 'volumes')).toMatchObject([
        {
          id: cid,
          size: 2,
          status: 'available',
          name: expect.stringMatching(/^volume-[0-9a-f-]{36}$/),
          description: '',
        },
      ])
    }))

  test('§5.3 the name of a dynamic disk becomes the description of its volume, which keeps a unique name', () =>
    withDriverOnFake(async (driver) => {
      const cloudProperties = { type: 'fast', name: 'dd1' }
      await driver.call().createDisk({ sizeMiB: 1024, cloudProperties })
      expect(made(driver, 'volumes')).toMatchObject([
        { name: expect.stringMatching(/^volume-[0-9a-f-]{36}$/), description: 'dd1' },
      ])
      await driver.call().createDisk({ sizeMiB: 1024, cloudProperties: { name: 'disk 😀' } })
      expect(made(driver, 'volumes')).toContainEqual(expect.objectContaining({ description: 'disk _' }))
      await driver.call().createDisk({ sizeMiB: 1024, cloudProperties: { name: 'n'.repeat(300) } })
      expect(made(driver, 'volumes')).toContainEqual(expect.objectContaining({ description: 'n'.repeat(255) }))
    }))

  test('takes a login, one request, looks, and the end of its mark', () =>
    withDriverOnFake(async (driver) => {
      const requests = await driver.requestsOf(() => driver.call().createDisk(oneGiB))
      const names = named(requests)
      expect(names.slice(0, 2)).toEqual(['identity tokens.create', 'block-storage volumes.create'])
      expect(new Set(names.slice(2, -1))).toEqual(new Set(['block-storage volumes.show']))
      expect(names.at(-1)).toBe('block-storage volume-metadata.create')
    }))

  test('tells whose it is from the start, unless tag_resources is false', () =>
    withDriverOnFake(async (driver) => {
      await driver.call().createDisk(oneGiB)
      await driver.call({ openstack: { tag_resources: false } }).createDisk(oneGiB)
      expect(made(driver, 'volumes').map(({ metadata }) => metadata)).toEqual([
        { director_uuid: directorUuid, cpi_request_id: requestId, cpi_creation: 'finished' },
        {},
      ])
    }))

  test('§5.3 type and zone of the disk type; else the configured type', () =>
    withDriverOnFake(async (driver) => {
      const typeOf = (disk: string) => driver.cloud.state()['volumes']?.find(({ id }) => id === disk)
      const properties = { type: 'fast', availability_zone: 'z2' }
      const openstack = { default_volume_type: 'standard' }
      const chosen = await driver.call({ openstack }).createDisk({ sizeMiB: 1024, cloudProperties: properties })
      const usual = await driver.call({ openstack }).createDisk(oneGiB)
      await driver.call().createDisk(oneGiB)
      expect(driver.cloud.journal.of('volumes.create').at(-1)?.request).not.toHaveProperty('volume.volume_type')
      expect(typeOf(chosen)).toMatchObject({ availability_zone: 'z2' })
      const types = Object.fromEntries(
        (driver.cloud.state()['volume_types'] ?? []).map((type) => [type.id, Reflect.get(type, 'name')]),
      )
      const nameOf = (disk: string) => types[String(Reflect.get(typeOf(disk) ?? {}, 'volume_type_id'))]
      expect([nameOf(chosen), nameOf(usual)]).toEqual(['fast', 'standard'])
    }))

  test('§5.3 scheduler hints go to Cinder', () =>
    withDriverOnFake(async (driver) => {
      const neighbour = await driver.call().createDisk(oneGiB)
      const scheduler_hints = { different_host: [neighbour] }
      await driver.call().createDisk({ ...oneGiB, cloudProperties: { scheduler_hints } })
      expect(driver.cloud.journal.of('volumes.create').at(-1)?.request).toMatchObject({
        'OS-SCH-HNT:scheduler_hints': scheduler_hints,
      })
    }))

  test("§6.8 the zone of the VM that will use it; the disk type's wins, and the configuration can forbid it", () =>
    withDriverOnFake(async (driver) => {
      const vm = await givenServer(driver, { zone: 'z1' })
      await driver.call().createDisk({ ...oneGiB, vm })
      await driver.call().createDisk({ sizeMiB: 1024, cloudProperties: { availability_zone: 'z2' }, vm })
      const requests = await driver.requestsOf(() =>
        driver.call({ openstack: { ignore_server_availability_zone: true } }).createDisk({ ...oneGiB, vm }),
      )
      expect(named(requests)).not.toContain('compute servers.show')
      const zones = made(driver, 'volumes').map(({ availability_zone }) => availability_zone)
      expect(zones).toEqual(['z1', 'z2', 'nova'])
    }))

  test('contract §6.10 a VM that is gone is no hint, and no failure', () =>
    withDriverOnFake(async (driver) => {
      for (const vm of ['11111111-1111-4111-8111-111111111111', 'gone']) {
        await driver.call().createDisk({ ...oneGiB, vm: vmCid(vm) })
      }
      expect(made(driver, 'volumes')).toMatchObject([{ availability_zone: 'nova' }, { availability_zone: 'nova' }])
    }))

  test.each([
    [{ sizeMiB: 1023, cloudProperties: {} }, /Minimum disk size is 1 GiB/],
    [{ sizeMiB: 1024, cloudProperties: { type: 7 } }, /type must be a string/],
  ])('%j is refused without a request', (request, message) =>
    withDriverOnFake(async (driver) => {
      const requests = await driver.requestsOf(() => expect(driver.call().createDisk(request)).rejects.toThrow(message))
      expect(requests).toEqual([])
    }),
  )

  test('an unknown type is named', () =>
    withDriverOnFake(async (driver) => {
      await expect(
        driver.call().createDisk({ sizeMiB: 1024, cloudProperties: { type: 'nope' } }),
      ).rejects.toMatchObject({ code: 'CloudError', message: expect.stringMatching(/Volume type `nope' not found/) })
    }))

  test("§6.8 a VM's zone that Cinder has not: the message names the property that takes no notice of it", () =>
    withDriverOnFake(async (driver) => {
      const vm = await givenServer(driver)
      const body = { server: { id: vm, status: 'ACTIVE', 'OS-EXT-AZ:availability_zone': 'rack-7' } }
      driver.cloud.faults.add({
        match: { service: 'compute', operation: 'servers.show' },
        do: { respond: { status: 200, body } },
      })
      await expect(driver.call().createDisk({ ...oneGiB, vm })).rejects.toThrow(
        /Availability zone 'rack-7' is invalid.*openstack\.ignore_server_availability_zone/,
      )
      expect(made(driver, 'volumes')).toEqual([])
    }))

  test('§6.8 the message says what to do about a zone that Cinder does not have', () =>
    withDriverOnFake(async (driver) => {
      await expect(
        driver.call().createDisk({ sizeMiB: 1024, cloudProperties: { availability_zone: 'nope' } }),
      ).rejects.toThrow(/Availability zone 'nope' is invalid.*Name one of Cinder's zones/)
    }))
})

describe('create_disk leaves nothing behind', () => {
  test('§3.5, §7.10 a used-up quota is NoDiskSpace immediately, not to be retried', () =>
    withDriverOnFake(async (driver) => {
      const requests = await driver.requestsOf(() =>
        expect(
          driver.call({ user: 'bosh-small' }).createDisk({ sizeMiB: 3 * 1024, cloudProperties: {} }),
        ).rejects.toMatchObject({ code: 'NoDiskSpace', okToRetry: false, message: expect.stringMatching(/quota/) }),
      )
      expect(named(requests)).toEqual(['identity tokens.create', 'block-storage volumes.create'])
      expect(made(driver, 'volumes')).toEqual([])
    }))

  test('§7.10 a volume that ends in error is removed', () =>
    withDriverOnFake(async (driver) => {
      driver.cloud.faults.add({ match: { transition: 'volumes.create.available' }, do: { state: { to: 'error' } } })
      await expect(driver.call().createDisk(oneGiB)).rejects.toThrow(/state is error, expected available/)
      expect(made(driver, 'volumes')).toEqual([])
    }))

  test('§7.10 an interrupted call removes its volume', () =>
    withDriverOnFake(async (driver) => {
      await expect(driver.call({ endsWhileWaiting: true }).createDisk(oneGiB)).rejects.toThrow()
      expect(made(driver, 'volumes')).toEqual([])
    }))

  test('the error names a volume that Cinder does not delete', () =>
    withDriverOnFake(async (driver) => {
      driver.cloud.faults.add({ match: { transition: 'volumes.create.available' }, do: { hold: true } })
      const creation = driver.call({ openstack: { state_timeout: 30 } }).createDisk(oneGiB)
      await expect(creation).rejects.toThrow(/Timed out waiting for Volume.*these objects may be left: volume/s)
      const [volume] = made(driver, 'volumes')
      await expect(creation).rejects.toThrow(String(volume?.['id']))
    }))

  test('§3.5 one volume when no response is received', () =>
    withDriverOnFake(async (driver) => {
      driver.cloud.faults.add({ match: creations, when: 'after', do: { reset: true } })
      const cid = await driver.call().createDisk(oneGiB)
      expect(made(driver, 'volumes')).toMatchObject([{ id: cid, status: 'available' }])
      driver.cloud.faults.assertAllHit()
    }))

  test('§3.5 a lost request: sent again, one volume', () =>
    withDriverOnFake(async (driver) => {
      driver.cloud.faults.add({ match: creations, do: { reset: true } })
      const cid = await driver.call().createDisk(oneGiB)
      expect(made(driver, 'volumes')).toMatchObject([{ id: cid }])
      driver.cloud.faults.assertAllHit()
    }))
})
