import { expect, test } from 'vitest'
import { mergeConfig } from './merge-config.ts'

test('contract §3.1, §13.7 a key of the context replaces the file’s as a whole, others stay or are added', () => {
  const file = { auth_url: 'unused', region: 'one', connection_options: { ca_cert: 'x', proxy: 'p' } }
  const context = { auth_url: 'https://k', connection_options: { ssl_verify_peer: false }, username: 'u' }
  expect(mergeConfig(file, context)).toEqual({
    auth_url: 'https://k',
    region: 'one',
    connection_options: { ssl_verify_peer: false },
    username: 'u',
  })
})

test('null is absent, wherever it comes from', () => {
  expect(mergeConfig({ a: null, b: 1, c: 2 }, { b: null, d: null })).toEqual({ c: 2 })
})

test('a key named like a member of every object is a key like others', () => {
  const merged = mergeConfig({}, JSON.parse('{"__proto__":{"polluted":true},"a":1}'))
  expect(Object.getPrototypeOf(merged)).toBe(Object.prototype)
  expect(merged).not.toHaveProperty('polluted')
})
