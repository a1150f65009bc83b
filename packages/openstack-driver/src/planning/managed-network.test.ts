import { describe, expect, test } from 'vitest'
import { describeManagedNetwork, planManagedNetwork } from './managed-network.ts'

const router = '8ded66e8-4540-40ae-b6cb-b30c8ad28627'
const manual = { type: 'manual', cloudProperties: {}, range: '10.0.0.0/24', gateway: '10.0.0.1' }

describe('§7.21 definition of a managed network', () => {
  test('range and gateway as given, DHCP as configured', () => {
    expect(planManagedNetwork({ ...manual, netmaskBits: 24 }, true)).toEqual({
      portSecurityEnabled: undefined,
      routerId: undefined,
      subnet: { ip_version: 4, enable_dhcp: true, cidr: '10.0.0.0/24', gateway_ip: '10.0.0.1' },
    })
    expect(planManagedNetwork(manual, false).subnet.enable_dhcp).toBe(false)
  })

  test('cloud properties', () => {
    const cloudProperties = {
      router_id: router,
      enable_dhcp: false,
      dns_nameservers: ['10.0.0.2'],
      port_security_enabled: false,
      az: 'z1',
    }
    expect(planManagedNetwork({ ...manual, cloudProperties }, true)).toMatchObject({
      routerId: router,
      portSecurityEnabled: false,
      subnet: { enable_dhcp: false, dns_nameservers: ['10.0.0.2'] },
    })
  })

  test('only a size: Neutron takes a range of a pool', () => {
    const plan = planManagedNetwork(
      { type: 'manual', cloudProperties: { subnetpool_id: 'pool' }, netmaskBits: 26 },
      true,
    )
    expect(plan.subnet).toEqual({ ip_version: 4, enable_dhcp: true, subnetpool_id: 'pool', prefixlen: 26 })
  })

  test.each([
    [{ range: 'fd00::/64' }, 6],
    [{ range: '10.0.0.0/24' }, 4],
    [{ netmaskBits: 64, cloudProperties: { subnetpool_id: 'p' } }, 6],
    [{ gateway: 'fd00::1', cloudProperties: { subnetpool_id: 'p' } }, 6],
  ])('IP version of %j is %i', (definition, version) => {
    const plan = planManagedNetwork({ type: 'manual', cloudProperties: {}, ...definition }, true)
    expect(plan.subnet.ip_version).toBe(version)
  })

  test.each([
    [{ type: 'manual', cloudProperties: {}, netmaskBits: 24 }, /subnetpool_id/],
    [{ ...manual, range: 'nonsense' }, /no IP address or range/],
    [{ ...manual, cloudProperties: { router_id: '../x' } }, /router_id must be the id/],
    [{ ...manual, cloudProperties: { enable_dhcp: 'yes' } }, /enable_dhcp must be true or false/],
  ])('refuses %j', (definition, message) => {
    expect(() => planManagedNetwork(definition, true)).toThrow(message)
  })

  test('other types cannot be managed', () => {
    expect(() => planManagedNetwork({ ...manual, type: 'dynamic' }, true)).toThrow(
      expect.objectContaining({ code: 'NotSupported' }),
    )
  })
})

test('§7.21 the director learns the range, the addresses in use but the gateway, and how to reach the network', () => {
  expect(
    describeManagedNetwork({
      networkId: 'n1',
      cidr: '10.0.0.0/24',
      gatewayIp: '10.0.0.1',
      usedAddresses: ['10.0.0.1', '10.0.0.2', '10.0.0.2'],
      cloudProperties: { security_groups: ['a'], net_id: 'old' },
    }),
  ).toEqual({
    network: 'n1',
    range: '10.0.0.0/24',
    gateway: '10.0.0.1',
    reserved: ['10.0.0.2'],
    cloudProperties: { security_groups: ['a'], net_id: 'n1' },
  })
})
