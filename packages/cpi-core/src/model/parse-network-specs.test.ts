import { describe, expect, test } from 'vitest'
import { NetworkSpecError, parseNetworkSpecs } from './parse-network-specs.ts'

describe('contract §7 networks', () => {
  test('the example of a dual-stack NIC and a vip', () => {
    const networks = {
      default: {
        type: 'manual',
        ip: '10.0.0.7',
        prefix: '32',
        netmask: '255.255.255.0',
        gateway: '10.0.0.1',
        dns: ['8.8.8.8'],
        default: ['dns', 'gateway'],
        nic_group: '1',
        cloud_properties: { net_id: 'n' },
      },
      v6: { type: 'manual', ip: '2001:db8::7', prefix: 128, nic_group: 1, cloud_properties: null },
      public: { type: 'vip', ip: '198.51.100.4', cloud_properties: {} },
    }
    expect(parseNetworkSpecs(networks)).toEqual([
      {
        name: 'default',
        type: 'manual',
        ip: '10.0.0.7',
        prefix: '32',
        netmask: '255.255.255.0',
        gateway: '10.0.0.1',
        dns: ['8.8.8.8'],
        default: ['gateway', 'dns'].sort(),
        nicGroup: '1',
        cloudProperties: { net_id: 'n' },
        raw: networks.default,
      },
      {
        name: 'v6',
        type: 'manual',
        ip: '2001:db8::7',
        prefix: '128',
        nicGroup: '1',
        dns: [],
        default: [],
        cloudProperties: {},
        raw: networks.v6,
      },
      { name: 'public', type: 'vip', ip: '198.51.100.4', cloudProperties: {}, raw: networks.public },
    ])
  })

  test('a missing type is manual, for old callers', () => {
    expect(parseNetworkSpecs({ a: { ip: '10.0.0.7' } })).toMatchObject([{ type: 'manual', ip: '10.0.0.7' }])
  })

  test('null counts as absent', () => {
    const absent = { type: null, prefix: null, netmask: null, gateway: null, dns: null, default: null, nic_group: null }
    const raw = { ip: '10.0.0.7', ...absent }
    expect(parseNetworkSpecs({ a: raw })).toEqual([
      { name: 'a', type: 'manual', ip: '10.0.0.7', dns: [], default: [], cloudProperties: {}, raw },
    ])
  })

  test('the ip of a dynamic network is no request', () => {
    const [spec] = parseNetworkSpecs({ a: { type: 'dynamic', ip: '10.0.0.7', dns: null } })
    expect(spec).toMatchObject({ type: 'dynamic', dns: [], default: [] })
    expect(spec).not.toHaveProperty('ip')
  })

  test('an unknown type is left to the driver', () => {
    expect(parseNetworkSpecs({ a: { type: 'tunnel' } })).toMatchObject([{ type: 'unknown', wireType: 'tunnel' }])
  })

  test('the order is kept', () => {
    const networks = { z: { type: 'dynamic' }, a: { type: 'dynamic' }, m: { type: 'vip' } }
    expect(parseNetworkSpecs(networks).map(({ name }) => name)).toEqual(['z', 'a', 'm'])
  })

  test('unknown defaults are ignored', () => {
    expect(parseNetworkSpecs({ a: { type: 'dynamic', default: ['dns', 'teapot'] } })).toMatchObject([
      { default: ['dns'] },
    ])
  })

  test.each([
    [{ a: null }, "network 'a' must be an object"],
    [{ a: { type: 'manual' } }, "ip of network 'a' must be the address the director picked"],
    [{ a: { type: 7 } }, "type of network 'a' must be a string"],
    [{ a: { type: 'dynamic', dns: '8.8.8.8' } }, "dns of network 'a' must be an array of strings"],
    [{ a: { type: 'dynamic', dns: [8] } }, "dns of network 'a' must be an array of strings"],
    [{ a: { type: 'dynamic', cloud_properties: [] } }, "cloud_properties of network 'a' must be an object"],
    [{ a: { type: 'vip', prefix: {} } }, "prefix of network 'a' must be a string"],
  ])('%j is refused with the network and the key', (networks, message) => {
    expect(() => parseNetworkSpecs(networks)).toThrow(new NetworkSpecError(message))
  })
})
