import type { JsonObject } from '@openstack-cpi/cpi-core'
import { describe, expect, test } from 'vitest'
import { findLeftovers } from '../src/leftovers.ts'
import { type DriverOnFake, type DriverOnFakeOptions, named, withDriverOnFake } from './driver-on-fake.ts'
import { givenVm, leftBehind } from './vm-on-fake.ts'

/** A VM with a disk, made and removed; answers the requests that it took. */
async function wholeLife(driver: DriverOnFake, given: { readonly disk: boolean; readonly openstack?: JsonObject }) {
  const how = given.openstack === undefined ? {} : { openstack: given.openstack }
  const requests = await driver.requestsOf(async () => {
    const cpi = () => driver.call(how)
    const { vm } = await givenVm(driver, {}, how)
    expect(await cpi().hasVm(vm)).toBe(true)
    if (given.disk) {
      const disk = await cpi().createDisk({ sizeMiB: 1024, cloudProperties: {}, vm })
      await cpi().attachDisk(vm, disk)
      await cpi().detachDisk(vm, disk)
      await cpi().deleteDisk(disk)
    }
    await cpi().deleteVm(vm)
  })
  expect(leftBehind(driver)).toEqual({})
  return requests
}

const on = (options: DriverOnFakeOptions, work: (driver: DriverOnFake) => Promise<void>) => () =>
  withDriverOnFake(work, options)

test(
  '§2.4 a cloud without Octavia and with a Cinder that is out of reach boots plain VMs',
  on({ cloud: { loadBalancing: 'none' } }, async (driver) => {
    const openstack = { endpoint_overrides: { volume: 'http://127.0.0.1:1/v3' } }
    const requests = named(await wholeLife(driver, { disk: false, openstack }))
    expect(requests.filter((name) => /^(block-storage|load-balancer)/.test(name))).toEqual([])
  }),
)

test(
  '§2.2 Keystone v2',
  on({ cloud: { keystoneV2: true } }, async (driver) => {
    const openstack = { auth_url: driver.authUrl.replace(/v3$/, 'v2.0'), tenant: 'bosh' }
    const requests = await wholeLife(driver, { disk: true, openstack })
    const logins = requests.filter(({ service, method }) => service === 'identity' && method === 'POST')
    expect(new Set(logins.map(({ path }) => path))).toEqual(new Set(['/identity/v2.0/tokens']))
  }),
)

test.each(['internal', 'admin'])('§2.4 all requests but the login go to the %s endpoints', async (kind) => {
  await withDriverOnFake(
    async (driver) => {
      const requests = await wholeLife(driver, { disk: true, openstack: { endpoint_type: `${kind}URL` } })
      const paths = requests.filter(({ service }) => service !== 'identity').map(({ path }) => path)
      expect(paths.filter((path) => !path.startsWith(`/at/RegionOne/${kind}/`))).toEqual([])
    },
    { cloud: { distinctInterfaces: true } },
  )
})

describe('§2.3 tokens that live a minute', () => {
  test(
    'outlast no wait: the call logs in anew and goes on',
    on(
      { cloud: { tokenLifetime: '1m', durations: { 'servers.build': '4m' } }, openstack: { state_timeout: 3600 } },
      async (driver) => {
        const requests = await driver.requestsOf(() => givenVm(driver))
        const logins = named(requests).filter((name) => name === 'identity tokens.create')
        expect(logins.length).toBeGreaterThan(4)
        expect(requests.filter(({ status }) => status === 401)).toEqual([])
      },
    ),
  )
})

test(
  '§6.6 leftovers are listed although Octavia refuses this user, with a warning',
  on({}, async (driver) => {
    const match = { service: 'load-balancer', operation: 'pools.list' }
    driver.cloud.faults.add({ match, times: null, do: { respond: { status: 403 } } })
    const found = await findLeftovers(driver.context(), { olderThanMs: 0, nowMs: driver.cloud.clock.now() })
    expect(found.leftovers).toEqual([])
    expect(driver.lines).toContainEqual(expect.stringMatching(/^warn Pool members are left out, .*403/))
  }),
)
