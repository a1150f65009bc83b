import { describe, expect, test } from 'vitest'
import { made } from '../../../test/cinder-on-fake.ts'
import { type DriverOnFake, withDriverOnFake } from '../../../test/driver-on-fake.ts'
import { balancerOf, givenPools, inTwoPools, membersOf } from '../../../test/octavia-on-fake.ts'
import { failureOf, type GivenVm, givenVm, idOf, leftBehind, post, vmDefaults } from '../../../test/vm-on-fake.ts'

const options = { openstack: vmDefaults }
const inWeb = { cloudProperties: { loadbalancer_pools: [{ name: 'web', port: 8080 }] } } satisfies GivenVm
const memberRequests = { service: 'load-balancer', method: 'POST', path: '/members$' } as const
const memberDeletes = { service: 'load-balancer', method: 'DELETE', path: '/members/' } as const
const refusal = (status: number, faultstring: string) => ({
  respond: { status, body: { faultcode: 'Client', faultstring, debuginfo: null } },
})
const immutable = refusal(409, 'Pool x is immutable and cannot be updated.')
const gone = refusal(404, 'not found')

/** A member made by somebody else, whose load balancer is busy with it as long as the clock stands still. */
const givenMember = (driver: DriverOnFake, pool: string, protocol_port: number) =>
  post(driver, `load-balancer/v2/lbaas/pools/${pool}/members`, {
    member: { address: '10.10.1.99', protocol_port, subnet_id: idOf(driver, 'subnets', 'bosh-net-subnet') },
  })

const statusesOf = (driver: DriverOnFake, method: string): readonly (number | null)[] =>
  driver.cloud.journal
    .since()
    .filter((entry) => entry.service === 'load-balancer' && entry.method === method && /\/members/.test(entry.path))
    .map(({ status }) => status)

describe('§6.6 a load balancer takes one change at a time', () => {
  test('a change waits until the load balancer is active, and the call ends when it is active again', () =>
    withDriverOnFake(async (driver) => {
      const { web } = await givenPools(driver, 'web', 'tls')
      // Busy for longer than a server takes to boot.
      driver.cloud.faults.add({ match: { transition: 'loadbalancers.update.active' }, do: { delay: '1m' } })
      await givenMember(driver, web, 1)
      expect(await balancerOf(driver)).toMatchObject({ provisioning_status: 'PENDING_UPDATE' })
      const { vm } = await givenVm(driver, inTwoPools)
      expect(await balancerOf(driver)).toMatchObject({ provisioning_status: 'ACTIVE' })
      // The first is that of somebody else; none was sent too early.
      expect(statusesOf(driver, 'POST')).toEqual([201, 201, 201])
      await givenMember(driver, web, 2)
      await driver.call().deleteVm(vm)
      expect(await balancerOf(driver)).toMatchObject({ provisioning_status: 'ACTIVE' })
      expect(statusesOf(driver, 'DELETE')).toEqual([204, 204])
    }, options))

  test('one that never lets the change in: given up after state_timeout, with pauses, not to be retried', () =>
    withDriverOnFake(
      async (driver) => {
        await givenPools(driver, 'web')
        driver.cloud.faults.add({ match: memberRequests, times: null, do: immutable })
        const startedMs = driver.cloud.clock.now()
        expect(await failureOf(givenVm(driver, inWeb))).toMatchObject({
          code: 'VmCreationFailed',
          okToRetry: false,
          message: expect.stringMatching(/Timed out waiting for pool \S+ to take changes/),
        })
        expect(driver.cloud.clock.now() - startedMs).toBeGreaterThanOrEqual(30_000)
        expect(statusesOf(driver, 'POST').length).toBeLessThanOrEqual(32)
        expect(made(driver, 'servers')).toEqual([])
      },
      { openstack: { ...vmDefaults, state_timeout: 30 } },
    ))

  test('a removal that is refused because of another change is repeated, not taken for done', () =>
    withDriverOnFake(async (driver) => {
      const { web } = await givenPools(driver, 'web')
      const { vm } = await givenVm(driver, inWeb)
      driver.cloud.faults.add({ match: memberDeletes, times: 2, do: immutable })
      await driver.call().deleteVm(vm)
      expect([await membersOf(driver, web), made(driver, 'servers')]).toEqual([[], []])
      expect(statusesOf(driver, 'DELETE')).toEqual([409, 409, 204])
    }, options))
})

describe('§6.6 what is gone counts as removed', () => {
  test('a member that somebody removed', () =>
    withDriverOnFake(async (driver) => {
      const { web } = await givenPools(driver, 'web')
      const { vm } = await givenVm(driver, inWeb)
      const [member] = await membersOf(driver, web)
      const { cloud } = driver
      const path = `${cloud.url}/load-balancer/v2/lbaas/pools/${web}/members/${member?.['id']}`
      await cloud.fetch(path, { method: 'DELETE', headers: { 'x-auth-token': await cloud.token('bosh') } })
      await driver.call().deleteVm(vm)
      expect(made(driver, 'servers')).toEqual([])
    }, options))

  test('a load balancer that somebody removed', () =>
    withDriverOnFake(async (driver) => {
      await givenPools(driver, 'web')
      const { vm } = await givenVm(driver, inWeb)
      driver.cloud.faults.add({ match: memberDeletes, times: null, do: immutable })
      driver.cloud.faults.add({ match: { service: 'load-balancer', path: '/loadbalancers/' }, times: null, do: gone })
      await driver.call().deleteVm(vm)
      expect(made(driver, 'servers')).toEqual([])
    }, options))
})

describe('§6.6 the pool and its load balancer', () => {
  /** What an API answers that names no load balancer in its pools. */
  const answerPools = (driver: DriverOnFake, pool: Record<string, unknown>) =>
    driver.cloud.faults.add({
      match: { service: 'load-balancer', operation: 'pools.list' },
      do: { respond: { status: 200, body: { pools: [{ name: 'web', protocol: 'TCP', members: [], ...pool }] } } },
    })

  test('is known through the only listener where the pool does not name it', () =>
    withDriverOnFake(async (driver) => {
      const { web } = await givenPools(driver, 'web')
      answerPools(driver, { id: web, listeners: [{ id: made(driver, 'listeners')[0]?.['id'] }] })
      await givenVm(driver, inWeb)
      expect(await membersOf(driver, web)).toMatchObject([{ address: '10.10.1.7' }])
      driver.cloud.faults.assertAllHit()
    }, options))

  test.each([
    ['no load balancer', {}, 'belongs to no load balancer'],
    ['several load balancers', { loadbalancers: [{ id: 'a' }, { id: 'b' }] }, 'belongs to several load balancers'],
    [
      'several listeners and no load balancer',
      { listeners: [{ id: 'a' }, { id: 'b' }] },
      'belongs to no load balancer',
    ],
  ])('%s: refused before anything is made, as its state cannot be watched', (_, pool, message) =>
    withDriverOnFake(async (driver) => {
      answerPools(driver, { id: 'p', ...pool })
      expect(await failureOf(givenVm(driver, inWeb))).toMatchObject({
        code: 'VmCreationFailed',
        okToRetry: false,
        message: expect.stringContaining(message),
      })
      expect(driver.cloud.journal.of('servers.create')).toEqual([])
      expect(leftBehind(driver)).toEqual({})
    }, options),
  )
})
