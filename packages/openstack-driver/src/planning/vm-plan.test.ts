import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { chooseSecurityGroups, encodeUserData, zoneNearDisks, zonesInRandomOrder } from './vm-plan.ts'

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
    expect(zoneNearDisks(vmZone, disks)).toEqual({ zone: expected, warnings: [] })
  })
  test.each([
    ["the VM's zone", 'z1', [inZone('z2')], 'z1', ["in availability zone 'z1', but its disk 'd-z2' is in 'z2'"]],
    ["Nova's default zone", 'nova', [inZone('z1')], 'nova', ["zone 'nova', but its disk 'd-z1' is in 'z1'"]],
    ['the first disk', undefined, [inZone('z1'), inZone('z2')], 'z1', ["zone 'z1', but its disk 'd-z2' is in 'z2'"]],
  ])('%s wins over disks in other zones, with a warning', (_, vmZone, disks, zone, texts) => {
    const warnings = texts.map((text) => expect.stringContaining(text))
    expect(zoneNearDisks(vmZone, disks)).toEqual({ zone, warnings })
  })
})

const defaults = ['default-a', 'default-b']

test.each([
  ["the VM's, in their order", { vm: ['z', 'a', 'z'], networks: [['n']], defaults }, ['z', 'a']],
  [
    "else all networks' together, sorted",
    { vm: [], networks: [['n2', 'n1'], [], ['n1', 'vip']], defaults },
    ['n1', 'n2', 'vip'],
  ],
  ['else the default ones', { vm: [], networks: [[], []], defaults }, defaults],
  ['else none', { vm: [], networks: [], defaults: [] }, []],
])('§6.1 %s', (_, levels, expected) => {
  expect(chooseSecurityGroups(levels)).toEqual(expected)
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
