import { describe, expect, test } from 'vitest'
import { dynamic, manual, vip } from '../../test/network-specs.ts'
import { agentSettings, completeNetworks, encodeUserData } from './user-data.ts'

describe('contract §8.1 completeNetworks', () => {
  const macByNetwork = new Map([['a', 'FA:16:3E:AA:BB:CC']])
  const raw = { type: 'manual', ip: '10.0.0.7', netmask: '255.255.255.0', dns: ['8.8.8.8'], unknown: [1] }

  test('keeps everything received and adds mac, in lower case, and use_dhcp', () => {
    const networks = [manual('a', { raw })]
    expect(completeNetworks(networks, { useDhcp: false, macByNetwork })).toEqual({
      a: { ...raw, mac: 'fa:16:3e:aa:bb:cc', use_dhcp: false },
    })
  })
  test('leaves out a MAC that is not known, and use_dhcp on vip networks', () => {
    const completed = completeNetworks([dynamic('d'), vip('v')], { useDhcp: true, macByNetwork })
    expect(completed['d']).not.toHaveProperty('mac')
    expect(completed['d']).toHaveProperty('use_dhcp', true)
    expect(completed['v']).not.toHaveProperty('use_dhcp')
  })
  test('a number in prefix or nic_group becomes a text, or the agent rejects the document', () => {
    const networks = [manual('a', { prefix: '28', nicGroup: '1', raw: { ...raw, prefix: 28, nic_group: 1 } })]
    expect(completeNetworks(networks, { useDhcp: true, macByNetwork })['a']).toMatchObject({
      prefix: '28',
      nic_group: '1',
    })
  })
  test('keeps the order of the operator', () => {
    const networks = [manual('z'), vip('m'), dynamic('a')]
    expect(Object.keys(completeNetworks(networks, { useDhcp: true, macByNetwork }))).toEqual(['z', 'm', 'a'])
  })
})

describe('contract §8.1 agentSettings', () => {
  const input = {
    serverName: 'vm-1',
    agentId: 'agent-1',
    networks: [manual('a', { dns: ['1.1.1.1'] }), dynamic('b', { dns: ['8.8.8.8'], default: ['dns'] as const })],
    completedNetworks: { a: { ip: '10.0.0.7' } },
    ephemeralDevice: null,
    env: { bosh: { password: 'x' } },
    agent: { mbus: 'nats://m', ntp: ['0.pool'], blobstore: { provider: 'dav' } },
  }

  test('is the document the agent reads', () => {
    expect(agentSettings(input)).toEqual({
      server: { name: 'vm-1' },
      vm: { name: 'vm-1' },
      agent_id: 'agent-1',
      networks: { a: { ip: '10.0.0.7' } },
      disks: { system: '/dev/sda', ephemeral: null, persistent: {} },
      env: { bosh: { password: 'x' } },
      dns: { nameserver: ['8.8.8.8'] },
      mbus: 'nats://m',
      ntp: ['0.pool'],
      blobstore: { provider: 'dav' },
    })
  })
  test('the agent section wins over what is computed', () => {
    const dns = { nameserver: ['9.9.9.9'] }
    expect(agentSettings({ ...input, agent: { dns } })).toMatchObject({ dns, agent_id: 'agent-1' })
  })
  test('null in the agent section counts as absent', () => {
    expect(agentSettings({ ...input, agent: { mbus: null } })).not.toHaveProperty('mbus')
  })
  test('without any DNS server there is no dns key', () => {
    expect(agentSettings({ ...input, networks: [manual('a'), vip('v')] })).not.toHaveProperty('dns')
  })
})

describe('§7.4 encodeUserData', () => {
  const ofBase64Length = (length: number) => ({ x: 'y'.repeat((length / 4) * 3 - '{"x":""}'.length) })

  test('is base64 of JSON in UTF-8', () => {
    expect(Buffer.from(encodeUserData({ a: 'ü' }), 'base64').toString('utf8')).toBe('{"a":"ü"}')
  })
  test('refuses more than 65535 bytes of base64', () => {
    expect(encodeUserData(ofBase64Length(65_532))).toHaveLength(65_532)
    expect(() => encodeUserData(ofBase64Length(65_536))).toThrow(
      expect.objectContaining({
        code: 'VmCreationFailed',
        okToRetry: false,
        message: expect.stringContaining('65536'),
      }),
    )
  })
})
