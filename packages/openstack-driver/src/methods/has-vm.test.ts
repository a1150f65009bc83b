import { vmCid } from '@openstack-cpi/cpi-core'
import { describe, expect, test } from 'vitest'
import { withDriverOnFake } from '../../test/driver-on-fake.ts'
import { absentVm } from '../../test/nova-on-fake.ts'
import { failureOf, givenVm, vmDefaults } from '../../test/vm-on-fake.ts'

const options = { openstack: vmDefaults }

describe('§7.6 has_vm', () => {
  test('true while there is a server, in whatever state', () =>
    withDriverOnFake(async (driver) => {
      const vm = (await givenVm(driver)).vm
      expect(await driver.call().hasVm(vm)).toBe(true)
      await driver.call().deleteVm(vm)
      expect(await driver.call().hasVm(vm)).toBe(false)
      expect(await driver.call().hasVm(absentVm)).toBe(false)
    }, options))

  test.each([
    ['ERROR', true],
    ['SHUTOFF', true],
    ['BUILD', true],
    ['UNKNOWN', true],
    ['DELETED', false],
    ['TERMINATED', false],
    ['SOFT_DELETED', false],
  ])('a server that is %s is there: %s', (status, expected) =>
    withDriverOnFake(async (driver) => {
      const server = { id: absentVm, status, 'OS-EXT-STS:task_state': null }
      driver.cloud.faults.add({
        match: { service: 'compute', operation: 'servers.show' },
        do: { respond: { status: 200, body: { server } } },
      })
      expect(await driver.call().hasVm(absentVm)).toBe(expected)
    }, options),
  )

  test('no request for what can be no id', () =>
    withDriverOnFake(async (driver) => {
      const requests = await driver.requestsOf(async () => {
        expect(await driver.call().hasVm(vmCid('i-123'))).toBe(false)
      })
      expect(requests).toEqual([])
    }, options))

  test('nor is a Keystone that is not where auth_url says', () =>
    withDriverOnFake(async (driver) => {
      const match = { service: 'identity', operation: 'tokens.create' }
      driver.cloud.faults.add({ match, times: null, do: { respond: { status: 404, body: {} } } })
      expect(await failureOf(driver.call().hasVm(absentVm))).toMatchObject({ code: 'CloudError' })
    }, options))

  test('a cloud that cannot tell is no "false"', () =>
    withDriverOnFake(async (driver) => {
      const fault = { match: { service: 'compute', operation: 'servers.show' }, times: null } as const
      driver.cloud.faults.add({ ...fault, do: { respond: { status: 500, body: {} } } })
      expect(await failureOf(driver.call().hasVm(absentVm))).toMatchObject({ code: 'CloudError' })
    }, options))
})
