import { describe, expect, test } from 'vitest'
import { force } from '../../test/cinder-on-fake.ts'
import { type DriverOnFake, withDriverOnFake } from '../../test/driver-on-fake.ts'
import { absentVm, givenServer } from '../../test/nova-on-fake.ts'
import { failureOf, serverOf } from '../../test/vm-on-fake.ts'

/** Bodies of the actions that were asked for. */
function actions({ cloud }: DriverOnFake): unknown[] {
  return cloud.journal
    .since()
    .filter(({ method, path }) => method === 'POST' && path.endsWith('/action'))
    .map(({ request }) => request)
}
const soft = { reboot: { type: 'SOFT' } }
const hard = { reboot: { type: 'HARD' } }

describe('§7.7 reboot_vm', () => {
  test('an active server is rebooted softly, and is active and idle afterwards', () =>
    withDriverOnFake(async (driver) => {
      const vm = await givenServer(driver)
      await driver.call().rebootVm(vm)
      expect(actions(driver)).toEqual([soft])
      expect(await serverOf(driver, vm)).toMatchObject({ status: 'ACTIVE', 'OS-EXT-STS:task_state': null })
    }))

  test('a server that still seems ACTIVE, with the reboot ahead, is waited for', () =>
    withDriverOnFake(async (driver) => {
      const vm = await givenServer(driver)
      const server = { ...(await serverOf(driver, vm)), 'OS-EXT-STS:task_state': 'rebooting' }
      driver.cloud.faults.add({
        match: { service: 'compute', operation: 'servers.show' },
        skip: 1,
        do: { respond: { status: 200, body: { server } } },
      })
      driver.cloud.faults.add({ match: { transition: 'servers.reboot-soft.active' }, do: { delay: '20s' } })
      await driver.call().rebootVm(vm)
      expect(await serverOf(driver, vm)).toMatchObject({ status: 'ACTIVE', 'OS-EXT-STS:task_state': null })
      driver.cloud.faults.assertAllHit()
    }))

  test.each([
    ['stopped', { vm_state: 'stopped', power_state: 4 }, { 'os-start': null }],
    ['paused', { vm_state: 'paused', power_state: 3 }, { unpause: null }],
    ['suspended', { vm_state: 'suspended', power_state: 4 }, { resume: null }],
    ['shelved', { vm_state: 'shelved', power_state: 4 }, { unshelve: null }],
    ['shelved and on no host', { vm_state: 'shelved_offloaded', power_state: 4 }, { unshelve: null }],
    ['in rescue mode', { vm_state: 'rescued' }, { unrescue: null }],
    ['error', { vm_state: 'error' }, hard],
    ['in the midst of a reboot that does not end', { task_state: 'reboot_started' }, hard],
  ])('a server that is %s gets running', (_, state, action) =>
    withDriverOnFake(async (driver) => {
      const vm = await givenServer(driver)
      force(driver, 'servers', vm, state)
      await driver.call().rebootVm(vm)
      expect(actions(driver)).toEqual([action])
      expect(await serverOf(driver, vm)).toMatchObject({ status: 'ACTIVE' })
    }),
  )

  test('does not reboot twice when no response is received', () =>
    withDriverOnFake(async (driver) => {
      const vm = await givenServer(driver)
      driver.cloud.faults.add({
        match: { method: 'POST', path: '/action$' },
        when: 'after',
        do: { reset: true },
      })
      await driver.call().rebootVm(vm)
      expect(actions(driver)).toEqual([soft])
    }))

  test('a lost request is sent again', () =>
    withDriverOnFake(async (driver) => {
      const vm = await givenServer(driver)
      driver.cloud.faults.add({ match: { method: 'POST', path: '/action$' }, do: { reset: true } })
      await driver.call().rebootVm(vm)
      expect(actions(driver)).toEqual([soft, soft])
    }))

  test.each([
    [180, {}],
    [30, { force_hard_reboot_after: 30 }],
  ])('a guest that does not follow within %i s is rebooted hard', (seconds, openstack) =>
    withDriverOnFake(async (driver) => {
      const vm = await givenServer(driver)
      driver.cloud.faults.add({ match: { transition: 'servers.reboot-soft.active' }, do: { hold: true } })
      const startMs = driver.cloud.clock.now()
      await driver.call({ openstack }).rebootVm(vm)
      expect(actions(driver)).toEqual([soft, hard])
      expect(await serverOf(driver, vm)).toMatchObject({ status: 'ACTIVE', 'OS-EXT-STS:task_state': null })
      const passedMs = driver.cloud.clock.now() - startMs
      expect([passedMs >= seconds * 1_000, passedMs < (seconds + 60) * 1_000]).toEqual([true, true])
    }),
  )

  test('a hung guest is left to Nova, which reboots it hard after 120 s on libvirt', () =>
    withDriverOnFake(async (driver) => {
      const vm = await givenServer(driver)
      driver.cloud.faults.add({ match: { transition: 'servers.reboot-soft.active' }, do: { delay: '140s' } })
      await driver.call().rebootVm(vm)
      expect(actions(driver)).toEqual([soft])
      expect(await serverOf(driver, vm)).toMatchObject({ status: 'ACTIVE', 'OS-EXT-STS:task_state': null })
    }))

  test('one that is rebooting already is waited for; a locked one is refused', () =>
    withDriverOnFake(async (driver) => {
      const vm = await givenServer(driver)
      const conflict = (message: string) => ({
        match: { service: 'compute', method: 'POST', path: '/action$' } as const,
        do: { respond: { status: 409, body: { conflictingRequest: { code: 409, message } } } },
      })
      driver.cloud.faults.add(conflict(`Cannot 'reboot' instance ${vm} while it is in task_state reboot_started`))
      await driver.call().rebootVm(vm)
      driver.cloud.faults.add(conflict(`Instance ${vm} is locked`))
      expect(await failureOf(driver.call().rebootVm(vm))).toMatchObject({
        code: 'CloudError',
        message: expect.stringContaining('is locked'),
      })
    }))

  test('a missing server', () =>
    withDriverOnFake(async (driver) => {
      expect(await failureOf(driver.call().rebootVm(absentVm))).toMatchObject({ code: 'VmNotFound' })
    }))
})
