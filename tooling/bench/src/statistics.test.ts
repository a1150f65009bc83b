import { expect, test } from 'vitest'
import { medianRatio, spread } from './statistics.ts'

test('the median of an even series lies between its middle values', () => {
  expect(spread([4, 1, 3, 2])).toEqual({ min: 1, median: 2.5, max: 4 })
  expect(spread([5])).toEqual({ min: 5, median: 5, max: 5 })
  expect(() => spread([])).toThrow(RangeError)
})

test('a ratio is taken pair by pair', () => {
  expect(medianRatio([2, 40, 6], [1, 10, 3])).toBe(2)
})
