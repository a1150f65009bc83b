import { diskCid, vmCid } from '@openstack-cpi/cpi-core'
import { describe, expect, test } from 'vitest'
import { absentDisk, force, givenDisk, made } from '../../test/cinder-on-fake.ts'
import { type DriverOnFake, named, withDriverOnFake } from '../../test/driver-on-fake.ts'
import { absentVm, givenServer } from '../../test/nova-on-fake.ts'
import { idOf, post } from '../../test/vm-on-fake.ts'

const attachments = { service: 'compute', operation: 'volume-attachments.create' } as const
const attached = 'compute volume-attachments.create'

/** Status of the only volume, and whether Cinder has an attachment of it. */
function disk(driver: DriverOnFake): unknown {
  return { status: made(driver, 'volumes')[0]?.['status'], attachments: made(driver, 'volume_attachments').length }
}
const free = { status: 'available', attachments: 0 }
const inUse = { status: 'in-use', attachments: 1 }

async function given(driver: DriverOnFake) {
  return { vm: await givenServer(driver), volume: await givenDisk(driver) }
}

describe('§7.13 attach_disk', () => {
  test('contract §8.4 nothing is stored, neither on the server nor on the volume', () =>
    withDriverOnFake(async (driver) => {
      const { vm, volume } = await given(driver)
      const stored = () => [...made(driver, 'servers'), ...made(driver, 'volumes')].map(({ metadata }) => metadata)
      const before = stored()
      await driver.call().attachDisk(vm, volume)
      expect(stored()).toEqual(before)
    }))

  test("returns when the disk is attached, with Nova's device as the hint", () =>
    withDriverOnFake(async (driver) => {
      const { vm, volume } = await given(driver)
      expect(await driver.call().attachDisk(vm, volume)).toBe('/dev/sdb')
      expect(disk(driver)).toEqual(inUse)
    }))

  test('the second disk gets the next letter', () =>
    withDriverOnFake(async (driver) => {
      const { vm, volume } = await given(driver)
      await driver.call().attachDisk(vm, volume)
      expect(await driver.call().attachDisk(vm, await givenDisk(driver))).toBe('/dev/sdc')
    }))

  test('takes a login, a look and one request before it polls; no device is asked for', () =>
    withDriverOnFake(async (driver) => {
      const { vm, volume } = await given(driver)
      const requests = await driver.requestsOf(() => driver.call().attachDisk(vm, volume))
      expect(named(requests).slice(0, 3)).toEqual(['identity tokens.create', 'block-storage volumes.show', attached])
      expect(requests[2]?.request).toEqual({ volumeAttachment: { volumeId: volume } })
    }))

  test('attached already: the same hint, nothing is asked for', () =>
    withDriverOnFake(async (driver) => {
      const { vm, volume } = await given(driver)
      const hint = await driver.call().attachDisk(vm, volume)
      const requests = await driver.requestsOf(async () => {
        expect(await driver.call().attachDisk(vm, volume)).toBe(hint)
      })
      expect(requests).toHaveLength(3)
      expect(named(requests)).not.toContain(attached)
    }))

  test('a missing disk and a missing VM', () =>
    withDriverOnFake(async (driver) => {
      const { vm, volume } = await given(driver)
      for (const absent of [absentDisk, diskCid('../x')]) {
        await expect(driver.call().attachDisk(vm, absent)).rejects.toMatchObject({ code: 'DiskNotFound' })
      }
      for (const absent of [absentVm, vmCid('../x')]) {
        await expect(driver.call().attachDisk(absent, volume)).rejects.toMatchObject({ code: 'VmNotFound' })
      }
    }))

  test('a disk of another server: refused, naming it', () =>
    withDriverOnFake(async (driver) => {
      const { vm, volume } = await given(driver)
      await driver.call().attachDisk(vm, volume)
      await expect(driver.call().attachDisk(await givenServer(driver), volume)).rejects.toMatchObject({
        code: 'CloudError',
        message: expect.stringContaining(`it is attached to server \`${vm}'`),
      })
      expect(disk(driver)).toEqual(inUse)
    }))

  test('a disk that may have several servers', () =>
    withDriverOnFake(async (driver) => {
      const { vm, volume } = await given(driver)
      force(driver, 'volumes', volume, { multiattach: true })
      await driver.call().attachDisk(vm, volume)
      const other = await givenServer(driver)
      const requests = await driver.requestsOf(() => driver.call().attachDisk(other, volume))
      expect(requests.find(({ operation }) => operation === attachments.operation)?.microversion).toBe('2.60')
      expect(disk(driver)).toEqual({ status: 'in-use', attachments: 2 })
      await driver.call().detachDisk(vm, volume)
      expect(disk(driver)).toEqual(inUse)
    }))

  test('a disk that is still being detached elsewhere is waited for', () =>
    withDriverOnFake(async (driver) => {
      const { vm, volume } = await given(driver)
      await driver.call().attachDisk(vm, volume)
      driver.cloud.faults.add({ match: { transition: 'volumes.detach.available' }, do: { delay: '20s' } })
      const other = await givenServer(driver)
      await expect(driver.call({ openstack: { state_timeout: 1 } }).detachDisk(vm, volume)).rejects.toThrow(/Timed out/)
      expect(await driver.call().attachDisk(other, volume)).toBe('/dev/sdb')
      expect(disk(driver)).toEqual(inUse)
    }))

  test('a volume that is still being created is waited for', () =>
    withDriverOnFake(async (driver) => {
      const vm = await givenServer(driver)
      driver.cloud.faults.add({ match: { transition: 'volumes.create.available' }, do: { delay: '20s' } })
      const made = await post(driver, `volume/v3/${idOf(driver, 'projects', 'bosh')}/volumes`, { volume: { size: 1 } })
      const id = String(Reflect.get(Object(made['volume']), 'id'))
      expect(await driver.call().attachDisk(vm, diskCid(id))).toBe('/dev/sdb')
      expect(disk(driver)).toEqual(inUse)
    }))

  test.each(['attach_disk', 'delete_disk', 'resize_disk'])(
    '%s names a volume that stays reserved for no server within a minute, and what to do',
    (method) =>
      withDriverOnFake(async (driver) => {
        const { vm, volume } = await given(driver)
        force(driver, 'volumes', volume, { status: 'reserved' })
        const startMs = driver.cloud.clock.now()
        const call = driver.call()
        const calls: Readonly<Record<string, () => Promise<unknown>>> = {
          attach_disk: () => call.attachDisk(vm, volume),
          delete_disk: () => call.deleteDisk(volume),
          resize_disk: () => call.resizeDisk?.(volume, 2048) ?? Promise.resolve(),
        }
        await expect(calls[method]?.()).rejects.toMatchObject({
          code: 'CloudError',
          message: expect.stringMatching(
            new RegExp(`Volume .${volume}' is reserved.*openstack volume attachment list --volume-id ${volume}`, 's'),
          ),
        })
        expect(driver.cloud.clock.now() - startMs).toBeLessThanOrEqual(90_000)
        expect(disk(driver)).toEqual({ status: 'reserved', attachments: 0 })
      }),
  )

  test('an attachment to this VM that is under way, reserved or attaching, is waited for', () =>
    withDriverOnFake(async (driver) => {
      const { vm, volume } = await given(driver)
      driver.cloud.faults.add({ match: { transition: 'volumes.attach.in-use' }, do: { delay: '20s' } })
      await post(driver, `compute/v2.1/servers/${vm}/os-volume_attachments`, { volumeAttachment: { volumeId: volume } })
      expect(disk(driver)).toEqual({ status: 'reserved', attachments: 1 })
      const requests = await driver.requestsOf(async () => {
        expect(await driver.call().attachDisk(vm, volume)).toBe('/dev/sdb')
      })
      expect(named(requests)).not.toContain(attached)
      expect(disk(driver)).toEqual(inUse)
    }))

  test.each(['error', 'error_extending', 'maintenance'])('a disk in state %s: refused', (status) =>
    withDriverOnFake(async (driver) => {
      const { vm, volume } = await given(driver)
      force(driver, 'volumes', volume, { status })
      const requests = await driver.requestsOf(() =>
        expect(driver.call().attachDisk(vm, volume)).rejects.toThrow(`its state is ${status}`),
      )
      expect(named(requests)).not.toContain(attached)
    }),
  )

  test('two calls at the same time: both answer the hint', () =>
    withDriverOnFake(async (driver) => {
      const { vm, volume } = await given(driver)
      const startMs = driver.cloud.clock.now()
      const attach = () => driver.call().attachDisk(vm, volume)
      const [first, second] = await Promise.all([attach(), attach()])
      expect(second).toBe(first)
      expect(disk(driver)).toEqual(inUse)
      expect(driver.cloud.clock.now() - startMs).toBeLessThan(60_000)
    }))

  test('waits for a volume that is attached in Nova and not in Cinder', () =>
    withDriverOnFake(async (driver) => {
      const { vm, volume } = await given(driver)
      const stale = { id: volume, volumeId: volume, serverId: vm, device: '/dev/vdb' }
      const message = `Invalid volume: volume ${volume} already attached`
      driver.cloud.faults.add({
        match: attachments,
        do: { respond: { status: 400, body: { badRequest: { code: 400, message } } } },
      })
      driver.cloud.faults.add({
        match: { service: 'compute', operation: 'volume-attachments.show' },
        do: { respond: { status: 200, body: { volumeAttachment: stale } } },
      })
      const names = named(await driver.requestsOf(() => driver.call().attachDisk(vm, volume)))
      const between = names.slice(names.indexOf(attached) + 1, names.lastIndexOf(attached))
      expect(between).toEqual([
        'compute volume-attachments.show',
        'block-storage volumes.show',
        'compute volume-attachments.show',
      ])
      expect(disk(driver)).toEqual(inUse)
    }))

  test("Nova's reason for refusing reaches the operator", () =>
    withDriverOnFake(async (driver) => {
      const { vm, volume } = await given(driver)
      driver.cloud.faults.add({
        match: attachments,
        do: { respond: { status: 400, body: { badRequest: { code: 400, message: 'Invalid volume: other zone' } } } },
      })
      await expect(driver.call().attachDisk(vm, volume)).rejects.toMatchObject({
        code: 'CloudError',
        message: expect.stringContaining('Invalid volume: other zone'),
      })
    }))
})

describe('§3.5 a server with another task', () => {
  const conflict = (message: string) => ({
    match: attachments,
    do: { respond: { status: 409, body: { conflictingRequest: { code: 409, message } } } },
  })

  test('is waited for', () =>
    withDriverOnFake(async (driver) => {
      const { vm, volume } = await given(driver)
      driver.cloud.faults.add(conflict("Cannot 'attach_volume' instance while it is in task_state rebooting"))
      expect(await driver.call().attachDisk(vm, volume)).toBe('/dev/sdb')
      driver.cloud.faults.assertAllHit()
    }))

  test('but a lock does not pass by waiting', () =>
    withDriverOnFake(async (driver) => {
      const { vm, volume } = await given(driver)
      driver.cloud.faults.add(conflict(`Instance ${vm} is locked`))
      await expect(driver.call().attachDisk(vm, volume)).rejects.toThrow(/is locked/)
      expect(disk(driver)).toEqual(free)
    }))
})

describe('attach_disk leaves nothing half attached', () => {
  test('§3.6, §7.13 a hypervisor that refuses', () =>
    withDriverOnFake(async (driver) => {
      const { vm, volume } = await given(driver)
      driver.cloud.faults.add({ match: { transition: 'volumes.attach.in-use' }, do: { state: { to: 'available' } } })
      await expect(driver.call().attachDisk(vm, volume)).rejects.toMatchObject({
        code: 'CloudError',
        message: expect.stringMatching(/hypervisor refused/),
      })
      expect(disk(driver)).toEqual(free)
    }))

  test('§7.13 an attachment that comes too late is taken back', () =>
    withDriverOnFake(async (driver) => {
      const { vm, volume } = await given(driver)
      driver.cloud.faults.add({ match: { transition: 'volumes.attach.in-use' }, do: { delay: '40s' } })
      await expect(driver.call({ openstack: { state_timeout: 30 } }).attachDisk(vm, volume)).rejects.toThrow(
        /Timed out waiting for Volume.*to be in-use/,
      )
      expect(disk(driver)).toEqual(free)
    }))

  test('§7.13 an interrupted call', () =>
    withDriverOnFake(async (driver) => {
      const { vm, volume } = await given(driver)
      await expect(driver.call({ endsWhileWaiting: true }).attachDisk(vm, volume)).rejects.toThrow()
      expect(disk(driver)).toEqual(free)
    }))

  test('§3.5 removes an attachment that got no response and appears too late', () =>
    withDriverOnFake(async (driver) => {
      const { vm, volume } = await given(driver)
      driver.cloud.faults.add({ match: attachments, when: 'after', do: { reset: true } })
      driver.cloud.faults.add({ match: { transition: 'volumes.attach.in-use' }, do: { delay: '40s' } })
      await expect(driver.call({ openstack: { state_timeout: 30 } }).attachDisk(vm, volume)).rejects.toThrow(
        /Timed out/,
      )
      expect(disk(driver)).toEqual(free)
      driver.cloud.faults.assertAllHit()
    }))

  test.each([['before'], ['after']] as const)(
    '§3.5 a connection that breaks %s it takes effect: attached once',
    (when) =>
      withDriverOnFake(async (driver) => {
        const { vm, volume } = await given(driver)
        driver.cloud.faults.add({ match: attachments, when, do: { reset: true } })
        expect(await driver.call().attachDisk(vm, volume)).toBe('/dev/sdb')
        expect(disk(driver)).toEqual(inUse)
        driver.cloud.faults.assertAllHit()
      }),
  )
})
