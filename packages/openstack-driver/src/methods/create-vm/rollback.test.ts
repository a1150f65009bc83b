import type { FaultRule } from 'fake-openstack'
import { describe, expect, test } from 'vitest'
import { type DriverOnFake, withDriverOnFake } from '../../../test/driver-on-fake.ts'
import { vip } from '../../../test/network-specs.ts'
import { failureOf, type GivenVm, givenVm, leftBehind, manualOn, vmDefaults } from '../../../test/vm-on-fake.ts'

/** A VM with everything that can be left behind: two ports, boot volume, group, floating IP. */
function rich(driver: DriverOnFake): GivenVm {
  return {
    networks: [
      manualOn(driver, 'bosh-net', '10.10.1.7', { name: 'a' }),
      manualOn(driver, 'bosh-net-2', '10.20.0.7', { name: 'b', default: [] }),
      vip('v', { ip: '203.0.113.137' }),
    ],
    cloudProperties: {
      boot_from_volume: true,
      root_disk: { size: 2, type: 'fast' },
      server_group: { name: 'g', policy: 'soft-anti-affinity' },
    },
  }
}
// An old Nova, so that the boot volume is made by us.
const old = { nova_microversion_max: '2.60', use_dhcp: false, config_drive: 'cdrom' }
const options = { openstack: { ...vmDefaults, ...old } }

async function countRequests(work: (driver: DriverOnFake) => Promise<readonly unknown[]>): Promise<number[]> {
  const requests = await withDriverOnFake(work, options)
  return requests.map((_, index) => index)
}
const ofCreation = await countRequests((driver) => driver.requestsOf(() => givenVm(driver, rich(driver))))
const ofDeletion = await countRequests(async (driver) => {
  const { vm } = await givenVm(driver, rich(driver))
  return driver.requestsOf(() => driver.call().deleteVm(vm))
})

const faults: readonly [string, Pick<FaultRule, 'do' | 'when'>][] = [
  ['is refused', { do: { respond: { status: 403, body: { forbidden: { code: 403, message: 'injected' } } } } }],
  ['loses its answer', { when: 'after', do: { reset: true } }],
  ['fails after it took effect', { when: 'after', do: { respond: { status: 500, body: {} } } }],
]
const isRefusal = (rule: Pick<FaultRule, 'do'>) => 'respond' in rule.do && rule.do.respond.status === 403

describe.each(faults)('§7.4 whichever request %s', (_, fault) => {
  test.each(ofCreation)('of create_vm, number %i: a VM or nothing', (skip) =>
    withDriverOnFake(async (driver) => {
      driver.cloud.faults.add({ match: { path: '.' }, skip, ...fault })
      const outcome = await givenVm(driver, rich(driver)).catch((error: unknown) => error)
      driver.cloud.faults.assertAllHit()
      driver.cloud.faults.remove()
      if (outcome instanceof Error) expect(outcome).toMatchObject({ code: 'VmCreationFailed', okToRetry: false })
      else await driver.call().deleteVm((outcome as Awaited<ReturnType<typeof givenVm>>).vm)
      expect(leftBehind(driver)).toEqual({})
      if (!isRefusal(fault)) expect(outcome).not.toBeInstanceOf(Error)
    }, options),
  )

  test.each(ofDeletion)('of delete_vm, number %i: gone, or gone when repeated', (skip) =>
    withDriverOnFake(async (driver) => {
      const { vm } = await givenVm(driver, rich(driver))
      driver.cloud.faults.add({ match: { path: '.' }, skip, ...fault })
      const outcome = await driver
        .call()
        .deleteVm(vm)
        .catch((error: unknown) => error)
      driver.cloud.faults.remove()
      if (outcome !== undefined) await driver.call().deleteVm(vm)
      expect(leftBehind(driver)).toEqual({})
      if (!isRefusal(fault)) expect(outcome).toBeUndefined()
    }, options),
  )
})

test('§7.4 what cannot be removed is named behind the first error', () =>
  withDriverOnFake(
    async (driver) => {
      const body = { badRequest: { code: 400, message: 'injected' } }
      driver.cloud.faults.add({
        match: { service: 'compute', operation: 'servers.create' },
        do: { respond: { status: 400, body: { badRequest: { code: 400, message: 'first' } } } },
      })
      driver.cloud.faults.add({
        match: { service: 'network', method: 'DELETE', path: '/ports/' },
        do: { respond: { status: 400, body } },
      })
      const { message } = await failureOf(givenVm(driver))
      expect(message).toMatch(/first[\s\S]*may be left: port [0-9a-f-]+: .*injected/)
    },
    { openstack: vmDefaults },
  ))
