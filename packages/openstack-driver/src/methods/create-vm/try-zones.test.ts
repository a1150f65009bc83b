import { describe, expect, test } from 'vitest'
import { made } from '../../../test/cinder-on-fake.ts'
import { type DriverOnFake, named, withDriverOnFake } from '../../../test/driver-on-fake.ts'
import { sendTo } from '../../../test/send-to-fake.ts'
import {
  agentSettingsOf,
  failureOf,
  givenVm,
  leftBehind,
  portsOf,
  serverOf,
  vmDefaults,
} from '../../../test/vm-on-fake.ts'
import type { SendHttp } from '../../http/exchange.ts'

const options = { openstack: { ...vmDefaults, ignore_server_availability_zone: true } }
const zones = { availability_zones: ['z1', 'z2'] }

/** The next server becomes ERROR. */
function nextBuildFails({ cloud }: DriverOnFake): void {
  const to = { to: 'ERROR', message: 'No valid host was found. There are not enough hosts available.' }
  cloud.faults.add({ match: { transition: 'servers.build.spawning' }, do: { state: to } })
}
const zonesTried = ({ cloud }: DriverOnFake) =>
  cloud.journal
    .of('servers.create')
    .map(({ request }) => (request as { server: { availability_zone?: string } }).server.availability_zone)

describe('§6.8 a list of zones', () => {
  test('the next zone gets the VM, with the same port and MAC; the failed server is gone', () =>
    withDriverOnFake(async (driver) => {
      nextBuildFails(driver)
      const { vm, networks } = await givenVm(driver, { cloudProperties: zones })
      const [first, second, ...others] = zonesTried(driver)
      expect([new Set([first, second]), others]).toEqual([new Set(['z1', 'z2']), []])
      expect(await serverOf(driver, vm)).toMatchObject({ status: 'ACTIVE', 'OS-EXT-AZ:availability_zone': second })
      expect(made(driver, 'servers')).toHaveLength(1)
      expect(driver.cloud.journal.of('ports.create', 'network')).toHaveLength(1)
      const [port] = await portsOf(driver, vm)
      expect(networks['default']).toMatchObject({ mac: port?.['mac_address'] })
      expect(port?.['tags']).toContain(`server:${vm}`)
    }, options))

  test('tries the zones in random order', () =>
    withDriverOnFake(async (driver) => {
      for (const fraction of [0, 0.99]) {
        const { vm } = await givenVm(driver, { cloudProperties: zones }, { fraction })
        await driver.call().deleteVm(vm)
      }
      expect(new Set(zonesTried(driver))).toEqual(new Set(['z1', 'z2']))
    }, options))

  test('the failed server is gone before the next is asked for, and nothing is looked up anew', () =>
    withDriverOnFake(async (driver) => {
      nextBuildFails(driver)
      const requests = await driver.requestsOf(() => givenVm(driver, { cloudProperties: zones }))
      const steps = requests.filter(({ service }) => service === 'compute')
      const second = named(steps).lastIndexOf('compute servers.create')
      const removal = steps.slice(named(steps).indexOf('compute servers.delete'), second)
      expect(removal.at(-1)).toMatchObject({ operation: 'servers.show', status: 404 })
      expect(requests.filter(({ path }) => path.includes('security-groups'))).toHaveLength(1)
    }, options))

  test('a port that went with the failed server is made anew, and its MAC is the one told', () =>
    withDriverOnFake(async (driver) => {
      const { cloud } = driver
      const headers = { 'x-auth-token': await cloud.token('bosh') }
      // A server whose port vanishes while it boots becomes ERROR.
      let lost: unknown
      const meanwhile = async () => {
        if (lost !== undefined || made(driver, 'servers').length === 0) return
        lost = made(driver, 'ports')[0]?.['id']
        await cloud.fetch(`${cloud.url}/network/v2.0/ports/${lost}`, { method: 'DELETE', headers })
      }
      const { vm, networks } = await givenVm(driver, { cloudProperties: zones }, { meanwhile })
      const [port, ...others] = await portsOf(driver, vm)
      expect([others, made(driver, 'ports').length]).toEqual([[], 1])
      expect(port?.['id']).not.toBe(lost)
      expect(zonesTried(driver)).toHaveLength(2)
      expect(networks['default']).toMatchObject({ mac: port?.['mac_address'] })
      expect(agentSettingsOf(driver)['networks']).toMatchObject({ default: { mac: port?.['mac_address'] } })
    }, options))

  test('when all zones fail the last error is raised, and nothing stays', () =>
    withDriverOnFake(async (driver) => {
      const cloudProperties = { ...zones, instance_type: 'm1.impossible' }
      const failure = await failureOf(givenVm(driver, { cloudProperties }))
      expect(failure).toMatchObject({ okToRetry: true, message: expect.stringContaining('No valid host') })
      expect(zonesTried(driver)).toHaveLength(2)
      expect(leftBehind(driver)).toEqual({})
    }, options))

  test('skips a zone that does not exist', () =>
    withDriverOnFake(async (driver) => {
      const cloudProperties = { availability_zones: ['none-1', 'none-2', 'none-3', 'z1'] }
      const { vm } = await givenVm(driver, { cloudProperties })
      expect(await serverOf(driver, vm)).toMatchObject({ 'OS-EXT-AZ:availability_zone': 'z1' })
    }, options))

  test.each([
    [
      'a quota',
      403,
      { forbidden: { code: 403, message: 'Quota exceeded for cores: Requested 1, but already used 1 of 1 cores' } },
    ],
    ['a bad request', 400, { badRequest: { code: 400, message: 'Invalid key_name provided.' } }],
  ])('%s is the same everywhere: no other zone is tried', (_, status, body) =>
    withDriverOnFake(async (driver) => {
      const match = { service: 'compute', operation: 'servers.create' } as const
      driver.cloud.faults.add({ match, do: { respond: { status, body } } })
      expect(await failureOf(givenVm(driver, { cloudProperties: zones }))).toMatchObject({ okToRetry: false })
      expect(zonesTried(driver)).toHaveLength(1)
      expect(leftBehind(driver)).toEqual({})
    }, options),
  )

  test('each try with a typed boot volume makes its own, and removes it', () =>
    withDriverOnFake(async (driver) => {
      nextBuildFails(driver)
      const cloudProperties = { ...zones, boot_from_volume: true, root_disk: { size: 2, type: 'fast' } }
      await givenVm(driver, { cloudProperties }, { openstack: { nova_microversion_max: '2.60' } })
      expect(driver.cloud.journal.of('volumes.create', 'block-storage')).toHaveLength(2)
      expect(made(driver, 'volumes')).toMatchObject([{ status: 'in-use' }])
    }, options))

  const typedBootVolume = {
    cloudProperties: { ...zones, boot_from_volume: true, root_disk: { size: 2, type: 'fast' } },
    how: { openstack: { nova_microversion_max: '2.60' } },
  }

  test('a failed attempt is undone in reverse order: the server, then its boot volume', () =>
    withDriverOnFake(async (driver) => {
      nextBuildFails(driver)
      const { cloudProperties, how } = typedBootVolume
      const requests = await driver.requestsOf(() => givenVm(driver, { cloudProperties }, how))
      const names = named(requests)
      const undone = names.slice(
        names.indexOf('compute servers.create'),
        names.lastIndexOf('block-storage volumes.create'),
      )
      const [removal, look] = ['compute servers.delete', 'block-storage volumes.show'].map((name) =>
        undone.indexOf(name),
      )
      expect(removal).toBeGreaterThan(0)
      expect(look).toBeGreaterThan(removal ?? 0)
    }, options))

  test('a boot volume that cannot be removed does not end the search; its removal is tried again at the end', () =>
    withDriverOnFake(async (driver) => {
      nextBuildFails(driver)
      const pass = sendTo(driver.cloud)
      const refused = { status: 403, headers: {}, body: '{"forbidden":{"code":403,"message":"not now"}}' }
      let isRefusing = false
      const seen: string[] = []
      const send: SendHttp = async (request) => {
        const { method, url } = request
        const isVolume = url.pathname.includes('/volumes')
        if (method === 'DELETE' && url.pathname.includes('/servers/')) isRefusing = true
        if (method === 'POST' && isVolume) isRefusing = false
        seen.push(`${method} ${isVolume ? 'volume' : url.pathname.split('/')[3]}`)
        return isRefusing && isVolume ? refused : await pass(request)
      }
      const { cloudProperties, how } = typedBootVolume
      await givenVm(
        driver,
        { cloudProperties },
        { send, openstack: { ...how.openstack, auth_url: driver.cloud.authUrl } },
      )
      expect(zonesTried(driver)).toHaveLength(2)
      expect(seen.at(-1)).toBe('GET volume')
      expect(made(driver, 'volumes')).toMatchObject([{ status: 'in-use' }])
    }, options))

  test('a failed server that cannot be removed ends the search with the error of its zone', () =>
    withDriverOnFake(async (driver) => {
      nextBuildFails(driver)
      driver.cloud.faults.add({
        match: { service: 'compute', operation: 'servers.delete' },
        do: { respond: { status: 403, body: { forbidden: { code: 403, message: 'not now' } } } },
      })
      const failure = await failureOf(givenVm(driver, { cloudProperties: zones }))
      expect(failure).toMatchObject({ okToRetry: true, message: expect.stringContaining('No valid host') })
      expect(failure.message).not.toContain('not now')
      expect(zonesTried(driver)).toHaveLength(1)
      expect(leftBehind(driver)).toEqual({})
    }, options))
})
