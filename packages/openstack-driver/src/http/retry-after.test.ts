import { expect, test } from 'vitest'
import { parseRetryAfter } from './retry-after.ts'

const now = Date.parse('2026-01-01T00:00:00Z')

test.each([
  ['120', 120_000],
  [' 3 ', 3_000],
  ['0', 0],
  ['1.5', 1_500],
  ['Thu, 01 Jan 2026 00:00:30 GMT', 30_000],
  ['Thursday, 01-Jan-26 00:00:30 GMT', 30_000],
  ['Wed, 31 Dec 2025 23:59:00 GMT', 0],
  ['', undefined],
  [undefined, undefined],
  ['soon', undefined],
  ['-5', undefined],
])('§3.5 Retry-After %j', (header, ms) => {
  expect(parseRetryAfter(header, now)).toBe(ms)
})
