import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { chooseFlavorByName, chooseVmCloudProperties, type FlavorFacts, hasFittingEphemeralDisk } from './flavors.ts'

const flavor = (name: string, given: Partial<FlavorFacts> = {}): FlavorFacts => ({
  id: `id-of-${name}`,
  name,
  vcpus: 1,
  ramMiB: 1024,
  diskGiB: 20,
  ephemeralGiB: 0,
  isDisabled: false,
  ...given,
})
const wanted = { cpu: 1, ramMiB: 1024, ephemeralDiskMiB: 10 * 1024 }

describe('§7.9 calculate_vm_cloud_properties', () => {
  test.each<[string, FlavorFacts[], string]>([
    ['the fewest CPUs', [flavor('b', { vcpus: 2 }), flavor('a', { ramMiB: 4096 })], 'a'],
    ['then the least RAM', [flavor('b', { ramMiB: 4096, diskGiB: 13 }), flavor('a', { ramMiB: 2048 })], 'a'],
    ['then the smallest disks', [flavor('a'), flavor('b', { diskGiB: 13 })], 'b'],
    [
      'then the smallest root disk',
      [flavor('a', { diskGiB: 10, ephemeralGiB: 10 }), flavor('b', { diskGiB: 5, ephemeralGiB: 15 })],
      'b',
    ],
    ['then the name', [flavor('b'), flavor('a')], 'a'],
    [
      'a separate ephemeral disk before a large root disk',
      [flavor('a'), flavor('b', { vcpus: 8, ephemeralGiB: 10 })],
      'b',
    ],
    ['none with too few CPUs', [flavor('a', { vcpus: 0 }), flavor('b', { vcpus: 4 })], 'b'],
    ['none with too little RAM', [flavor('a', { ramMiB: 1023 }), flavor('b', { vcpus: 4 })], 'b'],
    ['none whose ephemeral disk is too small', [flavor('a', { ephemeralGiB: 9 }), flavor('b', { vcpus: 4 })], 'b'],
    ['none that is disabled', [flavor('a', { isDisabled: true }), flavor('b', { vcpus: 4 })], 'b'],
    ['none that create_vm refuses', [flavor('a', { ramMiB: 8192, ephemeralGiB: 10 }), flavor('b', { vcpus: 4 })], 'b'],
    [
      'none whose root disk has no room for the OS',
      [flavor('a', { diskGiB: 12 }), flavor('b', { vcpus: 4, diskGiB: 13 })],
      'b',
    ],
    [
      'none with a root disk under 3 GiB beside the ephemeral one',
      [flavor('a', { diskGiB: 2, ephemeralGiB: 40 }), flavor('b', { vcpus: 4 })],
      'b',
    ],
  ])('takes %s', (_, flavors, expected) => {
    expect(chooseVmCloudProperties(flavors, wanted, false)).toEqual({ instance_type: expected })
  })

  test.each<[string, FlavorFacts[]]>([
    ['an ephemeral disk', [flavor('a', { ephemeralGiB: 10 }), flavor('b', { vcpus: 4, ephemeralGiB: 11 })]],
    ['a root disk', [flavor('a', { diskGiB: 13 }), flavor('b', { vcpus: 4, diskGiB: 14 })]],
  ])('a part of a GiB counts as a whole one for %s', (_, flavors) => {
    expect(chooseVmCloudProperties(flavors, { ...wanted, ephemeralDiskMiB: 10 * 1024 + 1 }, false)).toEqual({
      instance_type: 'b',
    })
  })

  test('with boot from volume: only flavors without ephemeral disk, and a whole number of GiB', () => {
    const flavors = [flavor('a', { ephemeralGiB: 100 }), flavor('b', { vcpus: 2, diskGiB: 0 })]
    expect(chooseVmCloudProperties(flavors, { ...wanted, ephemeralDiskMiB: 10_300 }, true)).toEqual({
      instance_type: 'b',
      root_disk: { size: 14 },
    })
  })
  test('with boot from volume and a large enough flavor: no root disk', () => {
    expect(chooseVmCloudProperties([flavor('a')], wanted, true)).toEqual({ instance_type: 'a' })
  })

  test('tells what was wanted and what there is', () => {
    expect(() =>
      chooseVmCloudProperties([flavor('a')], { cpu: 2, ramMiB: 1024, ephemeralDiskMiB: 10_240 }, false),
    ).toThrow(
      expect.objectContaining({
        code: 'CloudError',
        message: expect.stringMatching(
          /^Unable to meet requested VM requirements: 2 CPU, 1024 MB RAM, 10\.0 GB Disk\.\n[\s\S]*a: 1 CPU, 1024 MB RAM/,
        ),
      }),
    )
  })

  test('property: what is chosen gives at least what is wanted and passes create_vm', () => {
    const size = (max: number) => fc.integer({ min: 0, max })
    const anyFlavor = fc.record({
      vcpus: size(8),
      ramMiB: size(16_384),
      diskGiB: size(60),
      ephemeralGiB: size(60),
      isDisabled: fc.boolean(),
    })
    const anyParams = fc.record({ cpu: size(8), ramMiB: size(16_384), ephemeralDiskMiB: size(60_000) })
    fc.assert(
      fc.property(fc.array(anyFlavor, { maxLength: 8 }), anyParams, fc.boolean(), (facts, wanted, fromVolume) => {
        const flavors = facts.map((fact, index) => flavor(`f${index}`, fact))
        let chosen: Record<string, unknown>
        try {
          chosen = chooseVmCloudProperties(flavors, wanted, fromVolume)
        } catch {
          return
        }
        const found = chooseFlavorByName(flavors, String(chosen['instance_type']))
        const rootGiB = (chosen['root_disk'] as { size: number } | undefined)?.size ?? found.diskGiB
        expect(found.vcpus).toBeGreaterThanOrEqual(wanted.cpu)
        expect(found.ramMiB).toBeGreaterThanOrEqual(wanted.ramMiB)
        const dataGiB = found.ephemeralGiB > 0 ? found.ephemeralGiB : rootGiB - 3
        expect(dataGiB).toBeGreaterThanOrEqual(wanted.ephemeralDiskMiB / 1024)
        expect(found.isDisabled).toBe(false)
        expect(Number.isInteger(rootGiB)).toBe(true)
      }),
    )
  })
})

describe('§7.4 the flavor of create_vm', () => {
  test('§5.1 goes by name, else by id', () => {
    const flavors = [flavor('2', { id: '1' }), flavor('1', { id: '2' })]
    expect(chooseFlavorByName(flavors, '1').id).toBe('2')
    expect(chooseFlavorByName([flavor('a')], 'id-of-a').name).toBe('a')
    expect(() => chooseFlavorByName(flavors, 'x')).toThrow(
      expect.objectContaining({ message: "Flavor 'x' not found", code: 'VmCreationFailed', okToRetry: false }),
    )
  })
  test.each([
    [0, 8192, true],
    [15, 8192, false],
    [16, 8192, true],
    [1, 1023, true],
    [1, 1024, false],
  ])('an ephemeral disk of %i GiB beside %i MiB of RAM is fine: %s', (ephemeralGiB, ramMiB, expected) => {
    expect(hasFittingEphemeralDisk(flavor('a', { ephemeralGiB, ramMiB }))).toBe(expected)
  })
  test('names the size an ephemeral disk should have', () => {
    expect(() => chooseFlavorByName([flavor('a', { ephemeralGiB: 1, ramMiB: 3000 })], 'a')).toThrow(
      "Flavor 'a' should have at least 4 Gb of ephemeral disk",
    )
  })
})
