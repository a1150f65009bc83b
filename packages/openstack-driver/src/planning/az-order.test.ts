import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { zoneNearDisks, zonesInRandomOrder } from './az-order.ts'

const fraction = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })

describe('§6.8 zonesInRandomOrder', () => {
  test('property: every zone once, whatever the dice say', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string()), fc.infiniteStream(fraction), (zones, dice) => {
        const order = zonesInRandomOrder(zones, () => dice.next().value)
        expect(order.toSorted()).toEqual(zones.toSorted())
      }),
    )
  })
  test('each zone gets to be first', () => {
    const firsts = [0, 0.34, 0.67, 0.99].map((roll) => zonesInRandomOrder(['a', 'b', 'c'], () => roll)[0])
    expect(new Set(firsts)).toEqual(new Set(['a', 'b', 'c']))
  })
})

describe('§6.8 zoneNearDisks', () => {
  const inZone = (zone: string) => ({ disk: `d-${zone}`, zone })
  test.each([
    ["the VM's zone without disks", 'z1', [], 'z1'],
    ["the VM's zone with disks in it", 'z1', [inZone('z1')], 'z1'],
    ["the VM's zone and host", 'z1:host', [inZone('z1')], 'z1:host'],
    ["the disks' common zone", undefined, [inZone('z2'), inZone('z2')], 'z2'],
    ['none', undefined, [], undefined],
  ])('%s', (_, vmZone, disks, expected) => {
    expect(zoneNearDisks(vmZone, disks)).toBe(expected)
  })
  test.each([
    ['z1', [inZone('z2')], "VM is created in AZ 'z1', disk 'd-z2' is in AZ 'z2'"],
    [undefined, [inZone('z1'), inZone('z2')], "disk 'd-z1' is in AZ 'z1', disk 'd-z2' is in AZ 'z2'"],
  ])('refuses what is apart, and names the property', (vmZone, disks, text) => {
    expect(() => zoneNearDisks(vmZone, disks)).toThrow(
      `can't use multiple availability zones: ${text}. Enable 'openstack.ignore_server_availability_zone'`,
    )
  })
})
