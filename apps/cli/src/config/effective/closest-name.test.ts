import fc from 'fast-check'
import { expect, test } from 'vitest'
import { closestName, editDistance } from './closest-name.ts'

const known = ['auth_url', 'api_key', 'username', 'project', 'project_id', 'region', 'default_key_name', 'use_dhcp']

test.each([
  ['auth_ulr', 'auth_url'],
  ['auth-url', 'auth_url'],
  ['apikey', 'api_key'],
  ['usrname', 'username'],
  ['regoin', 'region'],
  ['password', 'api_key'],
  ['project_name', 'project'],
  ['default_keyname', 'default_key_name'],
  ['something_else_entirely', undefined],
  ['x', undefined],
])('%s was probably %s', (written, meant) => {
  expect(closestName(written, known)).toBe(meant)
})

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
