import { describe, expect, test } from 'vitest'
import { agentId, diskCid } from '../model/cid.ts'
import type { Json, JsonObject } from '../model/json.ts'
import { parseNetworkSpecs } from '../model/parse-network-specs.ts'
import { readAgentConfig } from './agent-config.ts'
import { createAgentSettings } from './agent-settings.ts'
import { completeNetworks } from './complete-networks.ts'
import { addPersistentDisk, persistentDisks, removePersistentDisk } from './persistent-disks.ts'
import { problemsOfAgentSettings, readAgentSettings } from './read-agent-settings.ts'

const manual = { type: 'manual', ip: '10.0.0.7', netmask: '255.255.255.0', dns: ['1.1.1.1'], unknown: [1] }
const wire: JsonObject = {
  z: { ...manual, prefix: 24, nic_group: 1 },
  public: { type: 'vip', ip: '198.51.100.4' },
  a: { type: 'dynamic', dns: ['8.8.8.8'], default: ['dns'] },
}
const networks = parseNetworkSpecs(wire)
const completed = completeNetworks(networks, { useDhcp: false, macByNetwork: new Map([['z', 'FA:16:3E:AA:BB:CC']]) })
const settingsOf = (more: Partial<Parameters<typeof createAgentSettings>[0]> = {}) =>
  createAgentSettings({
    vmName: 'vm-1',
    agentId: agentId('agent-1'),
    networks,
    completedNetworks: completed,
    ephemeralDisk: null,
    env: { bosh: { password: 'x' } },
    config: {},
    ...more,
  })

describe('contract §8.1 completeNetworks', () => {
  test('keeps everything received and its order; adds the MAC in lower case, and use_dhcp where there is a NIC', () => {
    expect(completed).toEqual({
      z: { ...manual, prefix: '24', nic_group: '1', mac: 'fa:16:3e:aa:bb:cc', use_dhcp: false },
      public: { type: 'vip', ip: '198.51.100.4' },
      a: { type: 'dynamic', dns: ['8.8.8.8'], default: ['dns'], use_dhcp: false },
    })
    expect(Object.keys(completed)).toEqual(['z', 'public', 'a'])
  })
})

describe('contract §8.1 the settings document', () => {
  test('has what the agent reads', () => {
    expect(settingsOf()).toEqual({
      server: { name: 'vm-1' },
      vm: { name: 'vm-1' },
      agent_id: 'agent-1',
      networks: completed,
      disks: { system: '/dev/sda', ephemeral: null, persistent: {} },
      env: { bosh: { password: 'x' } },
      dns: { nameserver: ['8.8.8.8'] },
    })
  })

  test('takes the configuration last', () => {
    const config = { mbus: 'nats://m', ntp: ['0.pool'], dns: { nameserver: ['9.9.9.9'] } }
    expect(settingsOf({ config })).toMatchObject(config)
  })

  test('has no dns without a DNS server', () => {
    const without = parseNetworkSpecs({ a: { type: 'dynamic' } })
    expect(settingsOf({ networks: without })).not.toHaveProperty('dns')
  })

  test('is read back', () => {
    const settings = settingsOf()
    expect(readAgentSettings(JSON.stringify(settings))).toEqual(settings)
    expect(readAgentSettings(new TextEncoder().encode(JSON.stringify(settings)))).toEqual(settings)
  })

  test.each<[string, Json]>([
    ['the document must be an object', []],
    ['agent_id must be a non-empty string', {}],
    ['networks.a.prefix must be a string', { agent_id: 'x', networks: { a: { prefix: 24 } } }],
    ['networks.a.mac must be in lower case', { agent_id: 'x', networks: { a: { mac: 'FA:16' } } }],
    ['networks.a.dns must be an array of strings', { agent_id: 'x', networks: { a: { dns: '8.8.8.8' } } }],
    ['networks must be an object', { agent_id: 'x', networks: [] }],
    ['disks.system must be a string', { agent_id: 'x', disks: { system: { path: '/dev/sda' } } }],
    ['mbus must be a string', { agent_id: 'x', mbus: 7 }],
    ['ntp must be an array of strings', { agent_id: 'x', ntp: 'pool' }],
  ])('that an agent would reject is refused: %s', (problem, document) => {
    expect(problemsOfAgentSettings(document)).toEqual([problem])
    expect(() => readAgentSettings(JSON.stringify(document))).toThrow(problem)
  })
})

test('contract §8.4 a persistent disk is added, replaced and removed, and nothing else changes', () => {
  const settings = settingsOf()
  const one = addPersistentDisk(settings, diskCid('disk-1'), '/dev/sdb')
  const two = addPersistentDisk(one, diskCid('disk-2'), { volume_id: 'v2' })
  expect(persistentDisks(two)).toEqual({ 'disk-1': '/dev/sdb', 'disk-2': { volume_id: 'v2' } })
  expect(persistentDisks(addPersistentDisk(two, diskCid('disk-1'), '/dev/sdc'))['disk-1']).toBe('/dev/sdc')
  expect(removePersistentDisk(one, diskCid('disk-1'))).toEqual(settings)
  expect(removePersistentDisk(settings, diskCid('disk-1'))).toEqual(settings)
})

describe('the agent section of a configuration', () => {
  test('null is absent, and keys of its own are kept', () => {
    expect(readAgentConfig({ mbus: null, ntp: ['0.pool'], blobstore: { provider: 'dav' }, own: 1 })).toEqual({
      ntp: ['0.pool'],
      blobstore: { provider: 'dav' },
      own: 1,
    })
    expect(readAgentConfig(undefined)).toEqual({})
  })

  test.each<[string, Json]>([
    ['agent must be an object', 'x'],
    ['agent.mbus must be a URL', { mbus: 1 }],
    ['agent.ntp must be an array of host names', { ntp: 'pool' }],
    ['agent.blobstore must be an object', { blobstore: [] }],
  ])('a type that the agent would reject is a CloudError: %s', (problem, section) => {
    expect(() => readAgentConfig(section)).toThrow(
      expect.objectContaining({ code: 'CloudError', message: `Invalid configuration: ${problem}` }),
    )
  })
})
