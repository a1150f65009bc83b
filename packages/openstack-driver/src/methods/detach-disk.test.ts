import { diskCid, vmCid } from '@openstack-cpi/cpi-core'
import { describe, expect, test } from 'vitest'
import { absentDisk, force, givenDisk, made } from '../../test/cinder-on-fake.ts'
import { type DriverOnFake, named, withDriverOnFake } from '../../test/driver-on-fake.ts'
import { absentVm, givenServer } from '../../test/nova-on-fake.ts'

const detachments = { service: 'compute', operation: 'volume-attachments.delete' } as const
const detached = 'compute volume-attachments.delete'

async function given(driver: DriverOnFake) {
  const vm = await givenServer(driver)
  const volume = await givenDisk(driver)
  await driver.call().attachDisk(vm, volume)
  return { vm, volume }
}

const isFree = (driver: DriverOnFake) => {
  expect(made(driver, 'volumes')).toMatchObject([{ status: 'available' }])
  expect(made(driver, 'volume_attachments')).toEqual([])
}

describe('§7.14 detach_disk', () => {
  test('returns when the disk can be attached elsewhere', () =>
    withDriverOnFake(async (driver) => {
      const { vm, volume } = await given(driver)
      const requests = await driver.requestsOf(() => driver.call().detachDisk(vm, volume))
      isFree(driver)
      // Nova itself tells whether the disk is attached to this VM: nothing is looked up before.
      expect(named(requests).slice(0, 3)).toEqual(['identity tokens.create', detached, 'block-storage volumes.show'])
    }))

  test('not attached: Nova refuses, a look tells why: success', () =>
    withDriverOnFake(async (driver) => {
      const vm = await givenServer(driver)
      const volume = await givenDisk(driver)
      const requests = await driver.requestsOf(() => driver.call().detachDisk(vm, volume))
      expect(requests).toHaveLength(4)
      expect(requests[1]).toMatchObject({ operation: 'volume-attachments.delete', status: 404 })
      expect(driver.lines).toContainEqual(expect.stringContaining(`Volume \`${volume}' is not attached to server`))
      isFree(driver)
    }))

  test('attached to another server: success, and it stays there', () =>
    withDriverOnFake(async (driver) => {
      const { volume } = await given(driver)
      await driver.call().detachDisk(await givenServer(driver), volume)
      expect(made(driver, 'volumes')).toMatchObject([{ status: 'in-use' }])
    }))

  test('contract §6.14 a missing disk is a success', () =>
    withDriverOnFake(async (driver) => {
      const vm = await givenServer(driver)
      await driver.call().detachDisk(vm, absentDisk)
      await driver.call().detachDisk(vm, diskCid('../x'))
      for (const disk of [absentDisk, '../x']) {
        expect(driver.lines).toContain(`info Volume \`${disk}' not found: nothing to detach`)
      }
    }))

  test('contract §6.14 a missing VM, when the disk is gone or free', () =>
    withDriverOnFake(async (driver) => {
      const volume = await givenDisk(driver)
      for (const vm of [absentVm, vmCid('../x')]) {
        for (const disk of [volume, absentDisk]) {
          await expect(driver.call().detachDisk(vm, disk)).rejects.toMatchObject({ code: 'VmNotFound' })
        }
      }
    }))

  test('contract §6.14 a missing VM, when another one has the disk', () =>
    withDriverOnFake(async (driver) => {
      const { vm, volume } = await given(driver)
      await expect(driver.call().detachDisk(absentVm, volume)).rejects.toMatchObject({
        code: 'CloudError',
        message: expect.stringContaining(vm),
      })
    }))

  test('§3.5 a server with another task is asked again', () =>
    withDriverOnFake(async (driver) => {
      const { vm, volume } = await given(driver)
      driver.cloud.faults.add({ match: detachments, times: 2, do: { respond: { status: 409 } } })
      await driver.call().detachDisk(vm, volume)
      isFree(driver)
      driver.cloud.faults.assertAllHit()
    }))

  test('a guest that kept the device is asked again', () =>
    withDriverOnFake(async (driver) => {
      const { vm, volume } = await given(driver)
      driver.cloud.faults.add({ match: { transition: 'volumes.detach.available' }, do: { state: { to: 'in-use' } } })
      await driver.call().detachDisk(vm, volume)
      isFree(driver)
      driver.cloud.faults.assertAllHit()
    }))

  test('a guest that never releases the disk: the time-out says so', () =>
    withDriverOnFake(async (driver) => {
      const { vm, volume } = await given(driver)
      driver.cloud.faults.add({
        match: { transition: 'volumes.detach.available' },
        times: null,
        do: { state: { to: 'in-use' } },
      })
      await expect(driver.call().detachDisk(vm, volume)).rejects.toMatchObject({
        code: 'CloudError',
        message: expect.stringMatching(/Timed out.*the guest may not have released the device/),
      })
    }))

  test('§3.5 waits for the disk when no response is received and the repetition is refused', () =>
    withDriverOnFake(async (driver) => {
      const { vm, volume } = await given(driver)
      driver.cloud.faults.add({ match: detachments, when: 'after', do: { reset: true } })
      await driver.call().detachDisk(vm, volume)
      isFree(driver)
      driver.cloud.faults.assertAllHit()
    }))

  test('waits for a volume that is detached in Nova and not yet in Cinder', () =>
    withDriverOnFake(async (driver) => {
      const { vm, volume } = await given(driver)
      driver.cloud.faults.add({ match: { transition: 'volumes.detach.available' }, do: { delay: '20s' } })
      await expect(driver.call({ openstack: { state_timeout: 1 } }).detachDisk(vm, volume)).rejects.toThrow(/Timed out/)
      driver.cloud.faults.add({
        match: { service: 'compute', operation: 'volume-attachments.list' },
        do: { respond: { status: 200, body: { volumeAttachments: [] } } },
      })
      await driver.call().detachDisk(vm, volume)
      isFree(driver)
    }))

  test.each([
    ['rescued', 'RESCUE'],
    ['resized', 'VERIFY_RESIZE'],
    ['soft-delete', 'SOFT_DELETED'],
    ['error', 'ERROR'],
  ])('a server in the state %s, in which Nova detaches nothing: said immediately', (vm_state, status) =>
    withDriverOnFake(async (driver) => {
      const { vm, volume } = await given(driver)
      force(driver, 'servers', vm, { vm_state })
      const message = `Cannot 'detach_volume' instance ${vm} while it is in vm_state ${vm_state}`
      driver.cloud.faults.add({
        match: detachments,
        times: null,
        do: { respond: { status: 409, body: { conflictingRequest: { code: 409, message } } } },
      })
      const startMs = driver.cloud.clock.now()
      await expect(driver.call().detachDisk(vm, volume)).rejects.toMatchObject({
        code: 'CloudError',
        message: expect.stringMatching(new RegExp(`is ${status}\\..*vm_state ${vm_state}`)),
      })
      expect(driver.cloud.clock.now() - startMs).toBeLessThan(60_000)
      expect(made(driver, 'volumes')).toMatchObject([{ status: 'in-use' }])
    }),
  )

  test('such a server to which the disk is not attached: success', () =>
    withDriverOnFake(async (driver) => {
      const vm = await givenServer(driver)
      const volume = await givenDisk(driver)
      const message = `Cannot 'detach_volume' instance ${vm} while it is in vm_state error`
      driver.cloud.faults.add({
        match: detachments,
        do: { respond: { status: 409, body: { conflictingRequest: { code: 409, message } } } },
      })
      await driver.call().detachDisk(vm, volume)
    }))

  test('a server whose state will pass with its task is asked again', () =>
    withDriverOnFake(async (driver) => {
      const { vm, volume } = await given(driver)
      const message = `Cannot 'detach_volume' instance ${vm} while it is in vm_state building`
      driver.cloud.faults.add({
        match: detachments,
        times: 2,
        do: { respond: { status: 409, body: { conflictingRequest: { code: 409, message } } } },
      })
      const server = { id: vm, status: 'ACTIVE', metadata: {}, 'OS-EXT-STS:task_state': 'rebuilding' }
      driver.cloud.faults.add({
        match: { service: 'compute', operation: 'servers.show' },
        times: 2,
        do: { respond: { status: 200, body: { server } } },
      })
      await driver.call().detachDisk(vm, volume)
      isFree(driver)
      driver.cloud.faults.assertAllHit()
    }))

  test('any other refusal is thrown', () =>
    withDriverOnFake(async (driver) => {
      const { vm, volume } = await given(driver)
      driver.cloud.faults.add({ match: detachments, do: { respond: { status: 403 } } })
      await expect(driver.call().detachDisk(vm, volume)).rejects.toThrow(/403/)
    }))
})
