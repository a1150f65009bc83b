import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Json } from './json.ts'
import { keysInOrder } from './key-order.ts'

const orderIn = (text: string): readonly string[] => keysInOrder(JSON.parse(text), text, (root) => root)

test('contract §7 names that look like integers keep their place', () => {
  expect(orderIn('{"z":1, "10" : 2, "a":3,"2":4, "007":5}')).toEqual(['z', '10', 'a', '2', '007'])
})

test('a key that only looks similar keeps its place', () => {
  expect(orderIn(String.raw`{"b":"\"1\":", "a\"7":{"3":0}, "5":"6\\", "\\":["8",9]}`)).toEqual(['b', 'a"7', '5', '\\'])
})

test('a name that begins with the mark: all names, in some order', () => {
  expect(orderIn(String.raw`{"a":1,"\u00001":2,"1":3}`).toSorted()).toEqual(['\0' + '1', '1', 'a'])
})

test('an object inside', () => {
  const text = '{"arguments":[{"1":0},{"b":0,"1":0}]}'
  const second = (root: Json) => (root as { arguments: Json[] }).arguments[1] // as in `text`
  expect(keysInOrder({ 1: 0, b: 0 }, text, second)).toEqual(['b', '1'])
})

test('any names and values', () => {
  const name = fc.oneof(fc.nat().map(String), fc.string({ unit: 'binary' }))
  fc.assert(
    fc.property(fc.uniqueArray(fc.tuple(name, fc.jsonValue()), { selector: ([key]) => key }), (entries) => {
      const members = entries.map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`)
      const names = entries.map(([key]) => key)
      if (names.some((key) => key.startsWith('\0'))) return
      expect(orderIn(`{${members.join(', ')}}`)).toEqual(names)
    }),
  )
})
