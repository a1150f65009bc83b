import { expect, test } from 'vitest'
import { describe, wordings } from './plain-words.ts'

const refused = (text: string): boolean => wordings.some(({ pattern }) => new RegExp(pattern).test(text))

test.each([
  'an OpenStack that is none',
  'openCountingDoor(cloud)',
  'const door = await open()',
  'no lost answer makes a twin',
  'the call was told to end',
  'a port that bears our name',
  'interface SeedWorld {}',
])('%s is refused', (text) => {
  expect(refused(text)).toBe(true)
})

test.each([
  'an indoor antenna',
  'runs the playbook',
  'a bearer token',
  'a worldwide mirror',
  'actions of a server',
  'twinkle',
  'the plan of a server',
])('%s is allowed', (text) => {
  expect(refused(text)).toBe(false)
})

test('a refused line says what to write instead', () => {
  expect(describe('docs/a.md:3: answered at once\n')).toBe('docs/a.md:3: answered at once   → immediately; in parallel')
})
