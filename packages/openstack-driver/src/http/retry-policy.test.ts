import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Attempts, type Decision, decide, type Outcome, type Repeat, type RetryLimits } from './retry-policy.ts'

const limits: RetryLimits = { retries: 10, pauseMs: 3_000, repeatForMs: 300_000, rateLimitTimeoutMs: 600_000 }
const middle = 0.5

const attempts = (repeat: Repeat, changes: Partial<Attempts> = {}): Attempts => ({
  repeat,
  repetitions: 0,
  rateLimitWaits: 0,
  rateLimitedMs: 0,
  elapsedMs: 0,
  ...changes,
})
const refused = (status: number, changes: Partial<Outcome & { is: 'refused' }> = {}): Outcome => ({
  is: 'refused',
  status,
  fault: { message: 'no', type: 'fault' },
  retryAfterMs: undefined,
  isFromService: true,
  ...changes,
})
const overLimit = { message: 'This request was rate-limited.', type: 'overLimit' }
const volumeQuota = {
  message: "VolumeLimitExceeded: Maximum number of volumes allowed (1) exceeded for quota 'volumes'.",
  type: 'overLimit',
}
const sizeQuota = {
  message: 'VolumeSizeExceedsAvailableQuota: Requested volume or snapshot exceeds allowed',
  type: 'overLimit',
}

const repeatIn = (afterMs: number, isRateLimit = false): Decision => ({ do: 'repeat', afterMs, isRateLimit })
const fail = (as: (Decision & { do: 'fail' })['as']): Decision => ({ do: 'fail', as })

describe('§3.5 the table', () => {
  test.each<[string, Outcome, Repeat, Decision]>([
    ['429 without a word', refused(429), 'lookup', repeatIn(3_000, true)],
    ['429 with Retry-After', refused(429, { retryAfterMs: 10_000 }), 'never', repeatIn(11_000, true)],
    ['429 with Retry-After 0 makes no storm', refused(429, { retryAfterMs: 0 }), 'safe', repeatIn(1_100, true)],
    ['413 over limit', refused(413, { fault: overLimit, retryAfterMs: 5_000 }), 'lookup', repeatIn(5_500, true)],
    [
      '413 over limit, other name',
      refused(413, { fault: { ...overLimit, type: 'overLimitFault' } }),
      'safe',
      repeatIn(3_000, true),
    ],
    ['413 volume quota', refused(413, { fault: volumeQuota, retryAfterMs: 0 }), 'lookup', fail('refused')],
    ['413 size quota', refused(413, { fault: sizeQuota, retryAfterMs: 0 }), 'lookup', fail('refused')],
    ['413 of a proxy', refused(413, { fault: { message: 'Too large' } }), 'safe', fail('refused')],
    ['503 with Retry-After', refused(503, { retryAfterMs: 2_000 }), 'never', repeatIn(2_200, true)],
    ['500, read', refused(500), 'safe', repeatIn(3_000)],
    ['502, read', refused(502), 'safe', repeatIn(3_000)],
    ['503, read', refused(503), 'safe', repeatIn(3_000)],
    ['504, read', refused(504), 'safe', repeatIn(3_000)],
    ['501, read', refused(501), 'safe', fail('refused')],
    ['500, create', refused(500), 'lookup', fail('unknown')],
    ['503 with Retry-After, create', refused(503, { retryAfterMs: 2_000 }), 'lookup', fail('unknown')],
    ['503 of a proxy, create', refused(503, { isFromService: false }), 'lookup', fail('unknown')],
    ['503 of a proxy, action', refused(503, { isFromService: false }), 'never', repeatIn(3_000)],
    ['503 of the service, action', refused(503), 'never', fail('refused')],
    ['500, action', refused(500), 'never', fail('refused')],
    ['502, action', refused(502), 'never', fail('unknown')],
    ['504, action', refused(504), 'never', fail('unknown')],
    ['not sent, action', { is: 'not-sent' }, 'never', repeatIn(3_000)],
    ['not sent, create', { is: 'not-sent' }, 'lookup', repeatIn(3_000)],
    ['lost, read', { is: 'lost' }, 'safe', repeatIn(3_000)],
    ['lost, create', { is: 'lost' }, 'lookup', fail('unknown')],
    ['lost, action', { is: 'lost' }, 'never', fail('unknown')],
    ['400', refused(400), 'safe', fail('refused')],
    ['403', refused(403), 'safe', fail('refused')],
    ['404', refused(404), 'safe', fail('refused')],
    ['409', refused(409), 'safe', fail('refused')],
  ])('%s', (_, outcome, repeat, decision) => {
    expect(decide(outcome, attempts(repeat), limits, middle)).toEqual(decision)
  })

  test('end with state_timeout, but one is always made', () => {
    const late = { elapsedMs: 310_000 }
    expect(decide({ is: 'lost' }, attempts('safe', late), limits, middle)).toEqual(repeatIn(3_000))
    expect(decide({ is: 'lost' }, attempts('safe', { ...late, repetitions: 1 }), limits, middle)).toEqual(
      fail('unreachable'),
    )
    const limited = { ...late, repetitions: 1, rateLimitedMs: 60_000 }
    expect(decide({ is: 'lost' }, attempts('safe', limited), limits, middle)).toEqual(repeatIn(3_000))
  })

  test('request_retries is the end of it', () => {
    const spent = attempts('safe', { repetitions: 10 })
    expect(decide(refused(500), spent, limits, middle)).toEqual(fail('refused'))
    expect(decide({ is: 'not-sent' }, spent, limits, middle)).toEqual(fail('unreachable'))
    expect(decide(refused(500), attempts('safe', { repetitions: 9 }), limits, middle).do).toBe('repeat')
  })

  test('waits for rate limits double from 3 s to 60 s', () => {
    const waits = [0, 1, 2, 3, 4, 5, 9].map((rateLimitWaits) =>
      decide(refused(429), attempts('safe', { rateLimitWaits }), limits, middle),
    )
    expect(waits.map((decision) => decision.do === 'repeat' && decision.afterMs / 1000)).toEqual([
      3, 6, 12, 24, 48, 60, 60,
    ])
  })

  test('a longer wait than rate_limit_timeout leaves is not begun', () => {
    expect(decide(refused(429, { retryAfterMs: 601_000 }), attempts('safe'), limits, 0)).toEqual(fail('rate-limited'))
    const spent = attempts('safe', { rateLimitedMs: 599_000 })
    expect(decide(refused(429), spent, limits, 0)).toEqual(fail('rate-limited'))
  })

  test('rate limits do not use up request_retries', () => {
    expect(decide(refused(429), attempts('safe', { repetitions: 10 }), limits, middle).do).toBe('repeat')
  })
})

const outcomes: fc.Arbitrary<Outcome> = fc.oneof(
  fc.constant<Outcome>({ is: 'lost' }),
  fc.constant<Outcome>({ is: 'not-sent' }),
  fc
    .record({
      status: fc.integer({ min: 400, max: 599 }),
      retryAfterMs: fc.option(fc.integer({ min: 0, max: 2_000_000 }), { nil: undefined }),
      isFromService: fc.boolean(),
    })
    .map((parts) => refused(parts.status, parts)),
)

describe('for every outcome', () => {
  test('§3.5 what may have taken effect is never repeated blindly', () => {
    fc.assert(
      fc.property(outcomes, fc.constantFrom<Repeat>('lookup', 'never'), (outcome, repeat) => {
        const decision = decide(outcome, attempts(repeat), limits, middle)
        if (outcome.is === 'lost') expect(decision).toEqual(fail('unknown'))
        if (repeat === 'lookup' && outcome.is === 'refused' && outcome.status >= 500) expect(decision.do).toBe('fail')
      }),
    )
  })

  test('§3.5 all waits for rate limits together stay within the budget, and the waiting ends', () => {
    fc.assert(
      fc.property(
        fc.option(fc.integer({ min: 0, max: 60_000 }), { nil: undefined }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (retryAfterMs, fraction) => {
          let state = attempts('safe')
          for (let round = 0; ; round++) {
            expect(round).toBeLessThan(1_000)
            const decision = decide(refused(429, { retryAfterMs }), state, limits, fraction)
            if (decision.do === 'fail') break
            state = {
              ...state,
              rateLimitWaits: state.rateLimitWaits + 1,
              rateLimitedMs: state.rateLimitedMs + decision.afterMs,
            }
          }
          expect(state.rateLimitedMs).toBeLessThanOrEqual(limits.rateLimitTimeoutMs)
        },
      ),
    )
  })

  test('§3.5 pauses are spread by ±20 %', () => {
    expect(decide({ is: 'not-sent' }, attempts('safe'), limits, 0)).toEqual(repeatIn(2_400))
    expect(decide({ is: 'not-sent' }, attempts('safe'), limits, 0.999)).toEqual(repeatIn(3_599))
  })
})
