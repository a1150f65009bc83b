import { expect, test } from 'vitest'
import { made } from '../../../test/cinder-on-fake.ts'
import { type DriverOnFake, withDriverOnFake } from '../../../test/driver-on-fake.ts'
import { vip } from '../../../test/network-specs.ts'
import { givenPools, membersOf } from '../../../test/octavia-on-fake.ts'
import { failureOf, type GivenVm, givenVm, idOf, manualOn, post, vmDefaults } from '../../../test/vm-on-fake.ts'

/** One of everything that create_vm makes, and a second pool. */
const everything = (driver: DriverOnFake): GivenVm => ({
  networks: [manualOn(driver, 'bosh-net', '10.10.1.7'), vip('v', { ip: '203.0.113.137' })],
  cloudProperties: {
    boot_from_volume: true,
    root_disk: { size: 2, type: 'fast' },
    server_group: { name: 'g', policy: 'soft-anti-affinity' },
    loadbalancer_pools: [
      { name: 'web', port: 8080 },
      { name: 'tls', port: 8443 },
    ],
  },
})
// An old Nova, so that the boot volume is made by us.
const options = { openstack: { ...vmDefaults, nova_microversion_max: '2.60' } }
const refused = (message: string) => ({
  respond: { status: 400, body: { faultcode: 'Client', faultstring: message, debuginfo: null } },
})
const secondMember = {
  match: { service: 'load-balancer', method: 'POST', path: '/members$' },
  skip: 1,
  do: refused('no second member'),
} as const

test('§7.4 what is made comes in its order: ports, boot volume, server, once it is active floating IP and members', () =>
  withDriverOnFake(async (driver) => {
    await givenPools(driver, 'web', 'tls')
    const requests = await driver.requestsOf(() => givenVm(driver, everything(driver)))
    const steps = requests.filter(({ service, method }) => service !== 'identity' && method !== 'GET')
    expect(steps.map(({ operation }) => operation).filter((name) => name !== 'ports.replace_tags')).toEqual([
      'server-groups.create',
      'ports.create',
      'volumes.create',
      'servers.create',
      'floatingips.update',
      'members.create',
      'server-metadata.create',
      'members.create',
      'server-metadata.create',
    ])
    const built = requests.findLastIndex(({ operation }) => operation === 'servers.show')
    expect(requests.findIndex(({ operation }) => operation === 'floatingips.update')).toBeGreaterThan(built)
  }, options))

test('§7.4 the cleanup goes from the last to the first: members, server until it is gone, boot volume, ports, group', () =>
  withDriverOnFake(async (driver) => {
    const { web } = await givenPools(driver, 'web', 'tls')
    driver.cloud.faults.add(secondMember)
    const requests = await driver.requestsOf(() => failureOf(givenVm(driver, everything(driver))))
    const cleanup = requests.slice(requests.findIndex(({ method }) => method === 'DELETE'))
    const steps = cleanup.flatMap(({ service, method, operation, status }) => {
      if (operation === 'servers.show') return status === 404 ? ['server is gone'] : []
      // The boot volume goes with its server: it may be found gone already.
      if (service === 'block-storage') return ['boot volume']
      return method === 'DELETE' ? [operation] : []
    })
    expect([...new Set(steps)]).toEqual([
      'members.delete',
      'servers.delete',
      'server is gone',
      'boot volume',
      'ports.delete',
      'server-groups.delete',
    ])
    expect(await membersOf(driver, web)).toEqual([])
  }, options))

test('§7.5 delete_vm takes the VM out of its pools first, and its ports only when the server is gone', () =>
  withDriverOnFake(async (driver) => {
    await givenPools(driver, 'web', 'tls')
    const { vm } = await givenVm(driver, everything(driver))
    const requests = await driver.requestsOf(() => driver.call().deleteVm(vm))
    const steps = requests.flatMap(({ method, operation, status }) => {
      if (operation === 'servers.show') return status === 404 ? ['server is gone'] : []
      return method === 'DELETE' ? [operation] : []
    })
    expect(steps.filter((step) => step !== 'server-groups.delete')).toEqual([
      'members.delete',
      'members.delete',
      'servers.delete',
      'server is gone',
      'ports.delete',
    ])
  }, options))

test('§7.4 a cleanup step that fails stops none of the others, and is told behind the first error', () =>
  withDriverOnFake(async (driver) => {
    const { web } = await givenPools(driver, 'web', 'tls')
    driver.cloud.faults.add(secondMember)
    driver.cloud.faults.add({
      match: { service: 'load-balancer', method: 'DELETE', path: '/members/' },
      do: refused('no removal'),
    })
    const { message } = await failureOf(givenVm(driver, everything(driver)))
    expect(message).toMatch(/no second member[\s\S]*may be left: member [0-9a-f-]+ of pool .*no removal/)
    expect(await membersOf(driver, web)).toHaveLength(1)
    for (const kind of ['servers', 'volumes', 'server_groups']) expect(made(driver, kind)).toEqual([])
    expect(made(driver, 'ports').filter(({ name }) => String(name).startsWith('vm-'))).toEqual([])
  }, options))

test('§7.4 the cleanup removes the ports that were made for the VM, and no others of its server', () =>
  withDriverOnFake(async (driver) => {
    const network_id = idOf(driver, 'networks', 'bosh-net-2')
    let foreign: unknown
    // Somebody binds a port to the server while it is built, and the build fails.
    const meanwhile = async () => {
      const device_id = made(driver, 'servers')[0]?.['id']
      if (foreign !== undefined || device_id === undefined) return
      const port = { network_id, device_id, device_owner: 'baremetal:none' }
      foreign = Reflect.get(Object((await post(driver, 'network/v2.0/ports', { port }))['port']), 'id')
    }
    driver.cloud.faults.add({ match: { transition: 'servers.build.spawning' }, do: { hold: true } })
    await failureOf(givenVm(driver, {}, { meanwhile }))
    expect(made(driver, 'servers')).toEqual([])
    expect(made(driver, 'ports')).toMatchObject([{ id: foreign }])
  }, options))

test('§7.4 the cleanup leaves a server group that has got another member meanwhile', () =>
  withDriverOnFake(async (driver) => {
    let other: unknown
    const meanwhile = async () => {
      const group = made(driver, 'server_groups')[0]?.['id']
      if (other !== undefined || made(driver, 'servers').length === 0) return
      const network = { uuid: idOf(driver, 'networks', 'bosh-net') }
      const server = { name: 'o', flavorRef: '1', imageRef: idOf(driver, 'images', 'tiny-image'), networks: [network] }
      other = (await post(driver, 'compute/v2.1/servers', { server, 'os:scheduler_hints': { group } }))['server']
    }
    driver.cloud.faults.add({ match: { transition: 'servers.build.spawning' }, do: { hold: true } })
    await failureOf(givenVm(driver, { cloudProperties: { server_group: { name: 'g' } } }, { meanwhile }))
    expect(made(driver, 'servers')).toMatchObject([{ name: 'o' }])
    expect(made(driver, 'server_groups')).toMatchObject([{ name: 'g' }])
  }, options))
