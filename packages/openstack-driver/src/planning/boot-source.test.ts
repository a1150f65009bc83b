import { expect, test } from 'vitest'
import { bootMapping, planBootSource } from './boot-source.ts'

const flavor = { id: '1', name: 'm1', vcpus: 1, ramMiB: 1024, diskGiB: 20, ephemeralGiB: 0, isDisabled: false }
const image = { id: 'img', minDiskGiB: 0, virtualSizeBytes: null }
const input = { bootFromVolume: true, flavor, image }

test('§8.2 without boot from volume the image is the root, even for a flavor of size 0', () => {
  expect(planBootSource({ ...input, bootFromVolume: false, flavor: { ...flavor, diskGiB: 0 } })).toEqual({
    kind: 'image',
  })
})
test("§8.2 the volume has root_disk.size, else the flavor's", () => {
  expect(planBootSource({ ...input, rootDiskSizeGiB: 30 })).toEqual({ kind: 'volume', sizeGiB: 30 })
  expect(planBootSource({ ...input, volumeType: 'fast' })).toEqual({ kind: 'volume', sizeGiB: 20, volumeType: 'fast' })
})
test('§8.2 a flavor of size 0 needs root_disk.size', () => {
  const nodisk = { ...input, flavor: { ...flavor, diskGiB: 0 } }
  expect(() => planBootSource(nodisk)).toThrow(
    "Flavor 'm1' has a root disk size of 0. Either pick a different flavor or define root_disk.size in your VM cloud_properties",
  )
  expect(planBootSource({ ...nodisk, rootDiskSizeGiB: 5 })).toMatchObject({ sizeGiB: 5 })
})
test.each([
  ['min_disk', { ...image, minDiskGiB: 21 }, 21],
  ['virtual_size, rounded up', { ...image, virtualSizeBytes: 20 * 1024 ** 3 + 1 }, 21],
])("§8.2 a volume smaller than the image's %s is refused before Nova is asked", (_, big, needed) => {
  expect(() => planBootSource({ ...input, image: big })).toThrow(new RegExp(`needs ${needed} GiB`))
  expect(planBootSource({ ...input, image: big, rootDiskSizeGiB: needed })).toMatchObject({ sizeGiB: needed })
})
test('§8.2 the mapping has numbers and booleans, and no device name', () => {
  expect(bootMapping({ imageId: 'img', sizeGiB: 5, volumeType: 'fast' })).toEqual([
    {
      boot_index: 0,
      uuid: 'img',
      source_type: 'image',
      destination_type: 'volume',
      volume_size: 5,
      volume_type: 'fast',
      delete_on_termination: true,
    },
  ])
  expect(bootMapping({ volumeId: 'vol' })).toEqual([
    { boot_index: 0, uuid: 'vol', source_type: 'volume', destination_type: 'volume', delete_on_termination: true },
  ])
})
