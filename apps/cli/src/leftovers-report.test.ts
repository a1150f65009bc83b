import type { Leftover } from '@openstack-cpi/openstack-driver/leftovers'
import { describe, expect, test } from 'vitest'
import { ageText, leftoversText, parseAge, summaryText } from './leftovers-report.ts'

const leftover: Leftover = {
  kind: 'server group',
  id: 'g-1',
  name: 'director-web',
  directorUuid: 'd',
  why: 'it is empty',
}
const pipe = { isTerminal: false, colour: false }

describe('ages', () => {
  test.each([
    ['90s', 90_000],
    ['30m', 1_800_000],
    ['2h', 7_200_000],
    ['7d', 604_800_000],
    ['0s', 0],
  ])('%s', (text, ms) => expect(parseAge(text)).toBe(ms))

  test.each(['', '30', 'm', '-1h', '1.5h', '1h30m', '1w', '9999999s'])('age %j is refused', (text) => {
    expect(() => parseAge(text)).toThrow(TypeError)
  })

  test.each([
    [0, '0s'],
    [59_999, '59s'],
    [3_600_000, '60m'],
    [7_200_000, '2h'],
    [3 * 86_400_000, '3d'],
  ])('%i ms', (ms, text) => expect(ageText(ms)).toBe(text))
})

describe('the list', () => {
  test('one line each in a pipe, without spaces in the first columns, and no text without leftovers', () => {
    expect(leftoversText([], pipe)).toBe('')
    expect(leftoversText([{ leftover: { ...leftover, ageMs: 5000 } }], pipe)).toMatch(
      /^server-group\s+g-1\s+director-web\s+5s\s+it is empty\n$/,
    )
  })

  test('names of the columns on a terminal, in colour if wanted', () => {
    const lines = leftoversText([{ leftover }], { isTerminal: true, colour: false }).split('\n')
    expect(lines[0]).toMatch(/^KIND\s+ID\s+NAME\s+AGE\s+WHY$/)
    expect(leftoversText([{ leftover }], { isTerminal: true, colour: true })).toContain('\u001b[1m')
  })

  test('says what became of each', () => {
    const text = leftoversText(
      [
        { leftover, removal: { removed: true } },
        { leftover, removal: { removed: false, why: 'it is\nlocked' } },
      ],
      pipe,
    )
    expect(text).toContain('it is empty: deleted\n')
    expect(text).toContain('it is empty: NOT DELETED, it is locked\n')
  })

  test('a name from the cloud can neither break a line nor steer the terminal', () => {
    const name = 'a\nserver x\u001b[31m\u202e'
    const text = leftoversText([{ leftover: { ...leftover, name } }], pipe)
    expect(text).not.toMatch(/[\p{Cc}\p{Cf}]./su)
  })
})

test.each([
  [[], false, 'Nothing is left over. 2 more may be one, but younger than 60m.\n'],
  [[{ leftover }], false, '1 leftover; --delete removes it. 2 more may be one, but younger than 60m.\n'],
  [
    [{ leftover, removal: { removed: true } as const }, { leftover }],
    true,
    '2 leftovers, 1 deleted. 2 more may be one, but younger than 60m.\n',
  ],
])('the sentence at the end', (findings, isDeleting, text) => {
  expect(summaryText(findings, { tooYoung: 2, olderThanMs: 3_600_000, isDeleting })).toBe(text)
})
