import { type CreatedNetwork, networkCid } from '@openstack-cpi/cpi-core'
import { describe, expect, test } from 'vitest'
import { made } from '../../test/cinder-on-fake.ts'
import { type DriverOnFake, directorUuid, named, withDriverOnFake } from '../../test/driver-on-fake.ts'

const definition = { type: 'manual', cloudProperties: {}, range: '10.77.0.0/24', gateway: '10.77.0.1', netmaskBits: 24 }
const absent = networkCid('33333333-3333-4333-8333-333333333333')
const kinds = ['networks', 'subnets', 'ports']

const routerOf = ({ cloud }: DriverOnFake) => String(cloud.state()['routers']?.[0]?.id)
const left = (driver: DriverOnFake) => kinds.flatMap((kind) => made(driver, kind))

const createRouted = (driver: DriverOnFake): Promise<CreatedNetwork> =>
  driver.call().createNetwork({ ...definition, cloudProperties: { router_id: routerOf(driver) } })

describe('§7.21 create_network', () => {
  test('makes a network with a subnet and tells the director how to use it', () =>
    withDriverOnFake(async (driver) => {
      const created = await driver.call().createNetwork({ ...definition, cloudProperties: { security_groups: ['a'] } })
      expect(created).toEqual({
        network: made(driver, 'networks')[0]?.['id'],
        range: '10.77.0.0/24',
        gateway: '10.77.0.1',
        reserved: [],
        cloudProperties: { security_groups: ['a'], net_id: created.network },
      })
      expect(made(driver, 'networks')).toMatchObject([
        { name: expect.stringMatching(/^bosh-[0-9a-f-]{36}$/), description: expect.stringContaining(directorUuid) },
      ])
      expect(made(driver, 'subnets')).toMatchObject([{ cidr: '10.77.0.0/24', network_id: created.network }])
    }))

  test('an interface on the router the cloud properties name', () =>
    withDriverOnFake(async (driver) => {
      const created = await createRouted(driver)
      expect(made(driver, 'ports')).toMatchObject([
        { network_id: created.network, device_id: routerOf(driver), device_owner: 'network:router_interface' },
      ])
      expect(created.reserved).toEqual([])
    }))

  test('the addresses that DHCP takes a moment later are reserved', () =>
    withDriverOnFake(async (driver) => {
      // DHCP takes its address while the call waits for it.
      const meanwhile = async () => {
        const network_id = String(made(driver, 'networks')[0]?.['id'])
        const port = { network_id, device_owner: 'network:dhcp', device_id: 'dhcp-agent' }
        await api(driver, 'ports', { port: { ...port, fixed_ips: [{ ip_address: '10.77.0.2' }] } })
      }
      expect((await driver.call({ meanwhile }).createNetwork(definition)).reserved).toEqual(['10.77.0.2'])
    }))

  test('without DHCP nothing is waited for', () =>
    withDriverOnFake(async (driver) => {
      const requests = await driver.requestsOf(() =>
        driver.call({ openstack: { use_dhcp: false } }).createNetwork(definition),
      )
      expect(named(requests)).toEqual([
        'identity tokens.create',
        'network networks.create',
        'network subnets.create',
        'network ports.list',
        'network networks.update',
      ])
    }))

  test('a size instead of a range: Neutron takes one of the pool', () =>
    withDriverOnFake(async (driver) => {
      const pool = await subnetPool(driver)
      const created = await driver
        .call()
        .createNetwork({ type: 'manual', cloudProperties: { subnetpool_id: pool }, netmaskBits: 26 })
      expect(created.range).toMatch(/^10\.90\.\d+\.\d+\/26$/)
      expect(created.gateway).toMatch(/^10\.90\./)
    }))
})

describe('create_network leaves nothing behind', () => {
  test.each([
    ['the subnet is refused', { ...definition, gateway: '10.99.0.1', range: '10.77.0.0/33' }],
    ['the router does not exist', { ...definition, cloudProperties: { router_id: absent } }],
  ])('§7.21 when %s', (_, given) =>
    withDriverOnFake(async (driver) => {
      await expect(driver.call().createNetwork(given)).rejects.toMatchObject({ code: 'CloudError' })
      expect(left(driver)).toEqual([])
    }),
  )

  test('when the router has such a range already', () =>
    withDriverOnFake(async (driver) => {
      await expect(
        driver.call().createNetwork({
          ...definition,
          range: '10.10.0.0/24',
          gateway: '10.10.0.1',
          cloudProperties: { router_id: routerOf(driver) },
        }),
      ).rejects.toThrow(/overlaps/)
      expect(left(driver)).toEqual([])
    }))

  test.each(['ports.list', 'subnets.create', 'routers.add_interface'])(
    '§7.21 when %s fails after it took effect',
    (operation) =>
      withDriverOnFake(async (driver) => {
        driver.cloud.faults.add({
          match: { service: 'network', operation },
          when: 'after',
          do: { respond: { status: 403 } },
        })
        await expect(createRouted(driver)).rejects.toThrow(/403/)
        expect(left(driver)).toEqual([])
      }),
  )

  test('§7.21 an interrupted call', () =>
    withDriverOnFake(async (driver) => {
      await expect(driver.call({ endsWhileWaiting: true }).createNetwork(definition)).rejects.toThrow()
      expect(left(driver)).toEqual([])
    }))

  test.each(['networks.create', 'subnets.create', 'routers.add_interface'])(
    '§3.5 no duplicate when %s gets no response',
    (operation) =>
      withDriverOnFake(async (driver) => {
        driver.cloud.faults.add({ match: { service: 'network', operation }, when: 'after', do: { reset: true } })
        await createRouted(driver)
        expect(kinds.map((kind) => made(driver, kind).length)).toEqual([1, 1, 1])
        driver.cloud.faults.assertAllHit()
      }),
  )

  test('a used-up quota', () =>
    withDriverOnFake(async (driver) => {
      await expect(driver.call({ user: 'bosh-small' }).createNetwork(definition)).rejects.toMatchObject({
        code: 'CloudError',
        message: expect.stringMatching(/quota/i),
      })
      expect(left(driver)).toEqual([])
    }))
})

describe('§7.21 delete_network', () => {
  test("removes the network with its subnet and its router's interface", () =>
    withDriverOnFake(async (driver) => {
      const { network } = await createRouted(driver)
      await driver.call().deleteNetwork(network)
      expect(left(driver)).toEqual([])
    }))

  test("Neutron's own ports are left to Neutron", () =>
    withDriverOnFake(async (driver) => {
      const { network } = await createRouted(driver)
      await api(driver, 'ports', { port: { network_id: network, device_owner: 'network:dhcp', device_id: 'dhcp' } })
      const requests = await driver.requestsOf(() => driver.call().deleteNetwork(network))
      expect(left(driver)).toEqual([])
      expect(named(requests)).not.toContain('network ports.delete')
      expect(named(requests).filter((name) => name === 'network routers.remove_interface')).toHaveLength(1)
    }))

  test.each(['network:ha_router_replicated_interface', 'network:router_interface_distributed'])(
    'takes the network off a router whose interfaces are of the kind %s',
    (owner) =>
      withDriverOnFake(async (driver) => {
        const { network } = await createRouted(driver)
        const [port] = made(driver, 'ports')
        driver.cloud.faults.add({
          match: { service: 'network', operation: 'ports.list' },
          do: { respond: { status: 200, body: { ports: [{ ...port, device_owner: owner }] } } },
        })
        await driver.call().deleteNetwork(network)
        expect(left(driver)).toEqual([])
      }),
  )

  test('contract §6.22 a missing one is a success', () =>
    withDriverOnFake(async (driver) => {
      await driver.call().deleteNetwork(absent)
      expect(await driver.requestsOf(() => driver.call().deleteNetwork(networkCid('../x')))).toEqual([])
    }))

  test('a network that is in use keeps its router', () =>
    withDriverOnFake(async (driver) => {
      const { network } = await createRouted(driver)
      await api(driver, 'ports', { port: { network_id: network, device_owner: 'compute:z1', device_id: 'vm' } })
      await expect(driver.call().deleteNetwork(network)).rejects.toThrow(/it is in use/)
      const onNetwork = made(driver, 'ports').filter((port) => port['network_id'] === network)
      expect(onNetwork.map((port) => port['device_owner'])).toContain('network:router_interface')
    }))

  test('ports that stay in use: tried for a minute, then an error', () =>
    withDriverOnFake(async (driver) => {
      const { network } = await driver.call().createNetwork(definition)
      await api(driver, 'ports', { port: { network_id: network, device_owner: 'compute:z1', device_id: 'vm' } })
      const startMs = driver.cloud.clock.now()
      await expect(driver.call().deleteNetwork(network)).rejects.toMatchObject({
        code: 'CloudError',
        message: expect.stringMatching(/it is in use.*ports still in use/s),
      })
      expect(driver.cloud.clock.now() - startMs).toBeGreaterThanOrEqual(60_000)
    }))

  test.each([
    ['ports', 'networks.delete'],
    ['floating IPs that need the router', 'routers.remove_interface'],
  ])('%s, if they go meanwhile, are no obstacle', (_, operation) =>
    withDriverOnFake(async (driver) => {
      const { network } = await createRouted(driver)
      driver.cloud.faults.add({
        match: { service: 'network', operation },
        times: 3,
        do: { respond: { status: 409 } },
      })
      await driver.call().deleteNetwork(network)
      expect(left(driver)).toEqual([])
    }),
  )
})

async function api({ cloud }: DriverOnFake, path: string, body: unknown): Promise<string> {
  const response = await cloud.fetch(`${cloud.url}/network/v2.0/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-auth-token': await cloud.token('bosh') },
    body: JSON.stringify(body),
  })
  const text = await response.text()
  const id = /"id": ?"([^"]+)"/.exec(text)?.[1]
  if (id === undefined) throw new Error(`nothing was made: ${text}`)
  return id
}

const subnetPool = (driver: DriverOnFake): Promise<string> =>
  api(driver, 'subnetpools', { subnetpool: { name: 'pool', prefixes: ['10.90.0.0/16'], default_prefixlen: 24 } })
