import type { JsonObject } from '@openstack-cpi/cpi-core'
import { describe, expect, test } from 'vitest'
import { parseVmCloudProperties } from './vm-cloud-properties.ts'

const parse = (properties: JsonObject, ignoreServerAvailabilityZone = false) =>
  parseVmCloudProperties({ instance_type: 'm1.small', ...properties }, { ignoreServerAvailabilityZone })

describe('§5.1 accepts', () => {
  test.each<[string, JsonObject, object]>([
    ['a zone', { availability_zone: 'z1:host' }, { availabilityZones: ['z1:host'] }],
    ['a root disk in GiB', { root_disk: { size: 10 } }, { rootDiskSizeGiB: 10 }],
    ['a root disk as one peer writes it', { root_disk: { size: '13.0' } }, { rootDiskSizeGiB: 13 }],
    ['a root disk type', { root_disk: { type: 'fast' } }, { rootDiskVolumeType: 'fast' }],
    ['a root disk volume_type', { root_disk: { volume_type: 'a', type: 'b' } }, { rootDiskVolumeType: 'a' }],
    ['scheduler hints as a hash', { scheduler_hints: { group: 'g' } }, { schedulerHints: { group: 'g' } }],
    ['one extra address', { allowed_address_pairs: '10.0.0.9' }, { allowedAddressPairs: [{ ipAddress: '10.0.0.9' }] }],
    [
      'several, with MAC and CIDR',
      { allowed_address_pairs: ['10.0.1.0/24', { ip_address: '2001:db8::1', mac_address: 'fa:16:3e:00:00:01' }] },
      {
        allowedAddressPairs: [
          { ipAddress: '10.0.1.0/24' },
          { ipAddress: '2001:db8::1', macAddress: 'fa:16:3e:00:00:01' },
        ],
      },
    ],
    [
      'pools',
      { loadbalancer_pools: [{ name: 'p', port: '443', monitoring_port: 8080 }] },
      { pools: [{ name: 'p', port: 443, monitoringPort: 8080 }] },
    ],
    ['a group by policy', { server_group: 'anti-affinity' }, { serverGroup: { policy: 'anti-affinity' } }],
    ['a group by name', { server_group: 'mine' }, { serverGroup: { name: 'mine', policy: 'soft-anti-affinity' } }],
    [
      'a group by both',
      { server_group: { name: 'g', policy: 'affinity' } },
      { serverGroup: { name: 'g', policy: 'affinity' } },
    ],
    ['nulls as absent (contract §3)', { key_name: null, root_disk: { size: null } }, { securityGroups: [], pools: [] }],
    ['keys it does not know', { ephemeral_disk: { size: 1 }, other: 1 }, { instanceType: 'm1.small' }],
    [
      'metadata, tags, config drive',
      { metadata: { a: 1 }, tags: ['t'], config_drive: true },
      { metadata: { a: 1 }, tags: ['t'], configDrive: true },
    ],
  ])('%s', (_, properties, expected) => {
    expect(parse(properties)).toMatchObject(expected)
  })

  test('a list of zones, without doubles, if servers and disks may be apart', () => {
    expect(parse({ availability_zones: ['z1', 'z2', 'z1'] }, true).availabilityZones).toEqual(['z1', 'z2'])
  })
})

describe('§5.1 refuses', () => {
  test.each<[string, JsonObject, RegExp]>([
    ['no instance type', { instance_type: null }, /instance_type is missing/],
    ['security groups that are no array', { security_groups: 'x' }, /security_groups must be an array/],
    ['hints that are no hash', { scheduler_hints: 'group' }, /scheduler_hints must be a hash/],
    ['a root disk of half a GiB', { root_disk: { size: 0.5 } }, /root_disk\.size must be an integer/],
    ['a root disk of nothing', { root_disk: { size: 0 } }, /root_disk\.size must be an integer of GiB, at least 1/],
    ['boot_from_volume as text', { boot_from_volume: 'true' }, /boot_from_volume must be true or false/],
    ['an invalid address', { allowed_address_pairs: '10.0.0.300' }, /allowed_address_pairs/],
    ['a pool without a name', { loadbalancer_pools: [{ port: 1 }] }, /Load balancer pool defined without a name/],
    ['a pool without a port', { loadbalancer_pools: [{ name: 'p' }] }, /Load balancer pool defined without a port/],
    ['an unknown policy', { server_group: { policy: 'near' } }, /server_group/],
    ['one zone and several', { availability_zone: 'a', availability_zones: ['b'] }, /only one of/],
    ['a list of one zone without leave', { availability_zones: ['z1'] }, /requires .*ignore_server_availability_zone/],
  ])('%s', (_, properties, message) => {
    expect(() => parse(properties)).toThrow(
      expect.objectContaining({ code: 'VmCreationFailed', okToRetry: false, message: expect.stringMatching(message) }),
    )
  })

  test('all problems together', () => {
    expect(() => parse({ instance_type: null, security_groups: 'x', availability_zones: ['z1'] })).toThrow(
      /instance_type[\s\S]*security_groups[\s\S]*ignore_server_availability_zone/,
    )
  })
})
