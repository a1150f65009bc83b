import { describe, expect, test } from 'vitest'
import { made } from '../../../test/cinder-on-fake.ts'
import { type DriverOnFake, withDriverOnFake } from '../../../test/driver-on-fake.ts'
import { dynamic } from '../../../test/network-specs.ts'
import { givenPools, inTwoPools, membersOf, refusedByOctavia } from '../../../test/octavia-on-fake.ts'
import { failureOf, givenVm, idOf, portsOf, post, serverOf, vmDefaults } from '../../../test/vm-on-fake.ts'

const options = { openstack: vmDefaults }
const immutable = {
  respond: {
    status: 409,
    body: { faultcode: 'Client', faultstring: 'Pool x is immutable and cannot be updated.', debuginfo: null },
  },
}
const memberRequests = { service: 'load-balancer', method: 'POST', path: '/members$' } as const
const servers = (driver: DriverOnFake) => made(driver, 'servers').length

describe('§6.6 load balancer pools', () => {
  test('the VM becomes a member of each, and the server remembers it', () =>
    withDriverOnFake(async (driver) => {
      const { web, tls } = await givenPools(driver, 'web', 'tls')
      const { vm } = await givenVm(driver, inTwoPools)
      const subnet_id = idOf(driver, 'subnets', 'bosh-net-subnet')
      const [inWeb] = await membersOf(driver, web)
      const [inTls] = await membersOf(driver, tls)
      expect(inWeb).toMatchObject({ address: '10.10.1.7', protocol_port: 8080, subnet_id, monitor_port: null })
      expect(inTls).toMatchObject({ address: '10.10.1.7', protocol_port: 8443, subnet_id, monitor_port: 9000 })
      expect(await serverOf(driver, vm)).toMatchObject({
        metadata: { lbaas_pool_1: `${web}/${inWeb?.['id']}`, lbaas_pool_2: `${tls}/${inTls?.['id']}` },
      })
      await driver.call().deleteVm(vm)
      expect([await membersOf(driver, web), await membersOf(driver, tls), servers(driver)]).toEqual([[], [], 0])
    }, options))

  test("on a cloud without Octavia by Neutron's former extension", () =>
    withDriverOnFake(
      async (driver) => {
        const { web, tls } = await givenPools(driver, 'web', 'tls')
        const { vm } = await givenVm(driver, inTwoPools)
        expect(await membersOf(driver, web)).toMatchObject([{ address: '10.10.1.7', protocol_port: 8080 }])
        await driver.call().deleteVm(vm)
        expect([await membersOf(driver, web), await membersOf(driver, tls), servers(driver)]).toEqual([[], [], 0])
      },
      { ...options, cloud: { loadBalancing: 'neutron' } },
    ))

  test('on a dynamic network the address is learnt from the port', () =>
    withDriverOnFake(async (driver) => {
      const { web } = await givenPools(driver, 'web', 'tls')
      const net_id = idOf(driver, 'networks', 'bosh-net')
      const { vm } = await givenVm(driver, { ...inTwoPools, networks: [dynamic('d', { cloudProperties: { net_id } })] })
      const [port] = await portsOf(driver, vm)
      const [member] = await membersOf(driver, web)
      expect(port?.['fixed_ips']).toMatchObject([{ ip_address: member?.['address'], subnet_id: member?.['subnet_id'] }])
    }, options))

  test('a membership is recorded before the next pool is joined, and the pool before the server exists', () =>
    withDriverOnFake(async (driver) => {
      const { web, tls } = await givenPools(driver, 'web', 'tls')
      // The second pool refuses, and nothing can be undone: what the server remembers is all that is left.
      driver.cloud.faults.add({ match: memberRequests, skip: 1, do: refusedByOctavia })
      driver.cloud.faults.add({
        match: { method: 'DELETE', path: '/(servers|members)/' },
        times: null,
        do: refusedByOctavia,
      })
      await failureOf(givenVm(driver, inTwoPools))
      const [member] = await membersOf(driver, web)
      const [server] = made(driver, 'servers')
      expect(server).toMatchObject({ metadata: { lbaas_pool_1: `${web}/${member?.['id']}`, lbaas_pool_2: tls } })
      expect(driver.cloud.journal.of('servers.create')[0]?.request).toMatchObject({
        server: { metadata: { lbaas_pool_1: web, lbaas_pool_2: tls } },
      })
    }, options))

  test('another change under way is waited for, with a pause', () =>
    withDriverOnFake(async (driver) => {
      const { web } = await givenPools(driver, 'web', 'tls')
      driver.cloud.faults.add({ match: memberRequests, times: 3, do: immutable })
      await givenVm(driver, inTwoPools)
      expect(await membersOf(driver, web)).toHaveLength(1)
      expect(driver.lines.filter((line) => line.includes('another change is in progress'))).toHaveLength(3)
    }, options))

  test('a member with the same address and port is adopted', () =>
    withDriverOnFake(async (driver) => {
      const { web } = await givenPools(driver, 'web', 'tls')
      const subnet_id = idOf(driver, 'subnets', 'bosh-net-subnet')
      await post(driver, `load-balancer/v2/lbaas/pools/${web}/members`, {
        member: { address: '10.10.1.7', protocol_port: 8080, subnet_id },
      })
      const [before] = await membersOf(driver, web)
      const { vm } = await givenVm(driver, inTwoPools)
      expect(await membersOf(driver, web)).toHaveLength(1)
      expect(await serverOf(driver, vm)).toMatchObject({ metadata: { lbaas_pool_1: `${web}/${before?.['id']}` } })
    }, options))

  test('a member with the same address and port in another subnet is not ours', () =>
    withDriverOnFake(async (driver) => {
      const { web } = await givenPools(driver, 'web', 'tls')
      const subnet_id = idOf(driver, 'subnets', 'bosh-net-2-subnet')
      await post(driver, `load-balancer/v2/lbaas/pools/${web}/members`, {
        member: { address: '10.10.1.7', protocol_port: 8080, subnet_id },
      })
      expect(await failureOf(givenVm(driver, inTwoPools))).toMatchObject({ code: 'VmCreationFailed', okToRetry: false })
      expect(await membersOf(driver, web)).toMatchObject([{ subnet_id }])
    }, options))

  test('no second member when no response is received', () =>
    withDriverOnFake(async (driver) => {
      const { web } = await givenPools(driver, 'web', 'tls')
      driver.cloud.faults.add({ match: memberRequests, when: 'after', do: { reset: true } })
      await givenVm(driver, inTwoPools)
      expect(await membersOf(driver, web)).toHaveLength(1)
    }, options))

  test('the second pool fails: the first membership and the server go, and it is not to be retried', () =>
    withDriverOnFake(async (driver) => {
      const { web, tls } = await givenPools(driver, 'web', 'tls')
      driver.cloud.faults.add({ match: memberRequests, skip: 1, do: refusedByOctavia })
      expect(await failureOf(givenVm(driver, inTwoPools))).toMatchObject({ code: 'VmCreationFailed', okToRetry: false })
      expect([await membersOf(driver, web), await membersOf(driver, tls), servers(driver)]).toEqual([[], [], 0])
    }, options))

  test('§7.4 a membership that cannot be recorded: all goes, and it may be retried if Nova is at fault', () =>
    withDriverOnFake(async (driver) => {
      const { web, tls } = await givenPools(driver, 'web', 'tls')
      for (const [status, okToRetry] of [
        [503, true],
        [403, false],
      ] as const) {
        driver.cloud.faults.add({
          match: { service: 'compute', operation: 'server-metadata.create' },
          times: null,
          do: { respond: { status, body: { fault: { code: status, message: 'injected' } } } },
        })
        expect(await failureOf(givenVm(driver, inTwoPools))).toMatchObject({ code: 'VmCreationFailed', okToRetry })
        expect([await membersOf(driver, web), await membersOf(driver, tls), servers(driver)]).toEqual([[], [], 0])
        driver.cloud.faults.remove()
      }
    }, options))

  test('a name that two pools have is refused before anything is made', () =>
    withDriverOnFake(async (driver) => {
      await givenPools(driver, 'web', 'web', 'tls')
      expect((await failureOf(givenVm(driver, inTwoPools))).message).toContain("pool 'web' exists multiple times")
      expect(driver.cloud.journal.of('servers.create')).toEqual([])
    }, options))
})
