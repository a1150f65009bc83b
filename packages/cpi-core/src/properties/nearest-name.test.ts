import fc from 'fast-check'
import { expect, test } from 'vitest'
import { editDistance } from './nearest-name.ts'

test('the distance is a distance', () => {
  const word = fc.string({ maxLength: 12 })
  fc.assert(
    fc.property(word, word, (a, b) => {
      const distance = editDistance(a, b)
      expect(distance).toBe(editDistance(b, a))
      expect(distance === 0).toBe(a === b)
      expect(distance).toBeLessThanOrEqual(Math.max(a.length, b.length))
      expect(distance).toBeGreaterThanOrEqual(Math.abs(a.length - b.length))
    }),
  )
})

test('one slip costs one', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 2, maxLength: 12 }), fc.nat(), (word, at) => {
      const index = at % (word.length - 1)
      const swapped = word.slice(0, index) + (word[index + 1] ?? '') + (word[index] ?? '') + word.slice(index + 2)
      expect(editDistance(word, swapped)).toBeLessThanOrEqual(1)
      expect(editDistance(word, word.slice(0, index) + word.slice(index + 1))).toBe(1)
    }),
  )
})
