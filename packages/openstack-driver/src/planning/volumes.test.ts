import type { JsonObject } from '@openstack-cpi/cpi-core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { recordingLog } from '../../test/recording-log.ts'
import { planResize, readDiskCloudProperties, toGiB } from './volumes.ts'

describe('§7.10 sizes', () => {
  test.each([
    [1024, 1],
    [1025, 2],
    [2048, 2],
    [10_000, 10],
    [10_241, 11],
  ])('%i MiB are %i GiB', (sizeMiB, sizeGiB) => {
    expect(toGiB(sizeMiB)).toBe(sizeGiB)
  })

  test('never less than asked for, never a whole GiB more', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1024, max: 2 ** 40 }), (sizeMiB) => {
        const givenMiB = toGiB(sizeMiB) * 1024
        expect(givenMiB).toBeGreaterThanOrEqual(sizeMiB)
        expect(givenMiB - sizeMiB).toBeLessThan(1024)
      }),
    )
  })

  test.each([1023, 0, -1])('%i MiB are too few', (sizeMiB) => {
    expect(() => toGiB(sizeMiB)).toThrow(/Minimum disk size is 1 GiB/)
  })

  test.each([1024.5, Number.NaN, Number.POSITIVE_INFINITY])('%d is no size', (sizeMiB) => {
    expect(() => toGiB(sizeMiB)).toThrow(/needs to be an integer/)
  })
})

const read = (properties: JsonObject) => readDiskCloudProperties(properties, recordingLog())

describe('§5.3 cloud properties of disks', () => {
  test('all of them, null as absent, others ignored', () => {
    const hints = { same_host: ['a'] }
    expect(read({ type: 'fast', availability_zone: 'z1', scheduler_hints: hints, name: 'dd1', colour: 1 })).toEqual({
      type: 'fast',
      availabilityZone: 'z1',
      schedulerHints: hints,
      name: 'dd1',
    })
    expect(read({ type: null })).toEqual({
      type: undefined,
      availabilityZone: undefined,
      schedulerHints: undefined,
      name: undefined,
    })
  })

  test('everything that is wrong, together', () => {
    expect(() => read({ type: 7, availability_zone: '', scheduler_hints: [] })).toThrow(
      /type must be a string.*availability_zone must not be empty.*scheduler_hints must be a hash/,
    )
  })
})

describe('§7.15 resize', () => {
  const volume = { id: 'v1', size: 4 }
  test('equal in GiB: nothing to do', () => {
    expect(planResize(volume, 4096)).toBe('keep')
    expect(planResize(volume, 3 * 1024 + 1)).toBe('keep')
  })
  test('bigger: extend', () => {
    expect(planResize(volume, 4097)).toBe('extend')
  })
  test('smaller: NotSupported, so that the director copies instead', () => {
    expect(() => planResize(volume, 3072)).toThrow(
      expect.objectContaining({ code: 'NotSupported', message: expect.stringContaining('from 4 GiB to 3 GiB') }),
    )
  })
})
