import type { Json } from '@openstack-cpi/cpi-core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { resolveEndpoint } from '../src/http/catalog.ts'
import { readLogin } from '../src/http/login.ts'
import { readMicroversionRange } from '../src/http/microversion.ts'
import { OpenStackError } from '../src/http/openstack-error.ts'
import { nextPage, type PageStyle } from '../src/http/pagination.ts'
import { parseFault, parseRetryAfter } from '../src/http/refusal.ts'
import { readTokenEntry } from '../src/http/token.ts'
import { fuzzRuns } from './fuzz-runs.ts'

/** What a service, a proxy in front of it or somebody in between can say: no answer may surprise the driver. */
const words = [
  '__proto__',
  'constructor',
  'toString',
  'token',
  'catalog',
  'endpoints',
  'url',
  'servers',
  'next',
  'message',
]
const key = fc.oneof(fc.constantFrom(...words), fc.string({ maxLength: 6 }))
const json = fc.letrec<{ any: Json }>((tie) => ({
  any: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom<Json>(null, true, 0, -1, 1e308, '', 'http://[', '//evil.test/x', 'https://evil.test/?marker=1'),
    fc.string({ unit: 'binary' }),
    fc.array(tie('any'), { maxLength: 4 }),
    fc.dictionary(key, tie('any'), { maxKeys: 5 }),
  ),
})).any

/** The result, or undefined where the answer is refused in the way that callers expect. */
function orRefused<R>(work: () => R): R | undefined {
  try {
    return work()
  } catch (error) {
    expect(error).toBeInstanceOf(OpenStackError)
    return undefined
  }
}

const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  json.map((value) => JSON.stringify(value)),
  fc.string().map((text) => `<html><body>${text}</body></html>`),
)

test('§3.5 any body of a refusal gives a message that fits in a line of the task', () => {
  fc.assert(
    fc.property(anyText, (body) => {
      const { fault } = parseFault(body)
      expect(fault?.message.length ?? 0).toBeLessThanOrEqual(2048 + 1)
    }),
    { numRuns: fuzzRuns(500) },
  )
})

test('§3.5 any Retry-After is a time, or none', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.integer().map(String), fc.date().map(String)), (header) => {
      const ms = parseRetryAfter(header, Date.UTC(2030, 0, 1))
      if (ms !== undefined) expect(ms).toBeGreaterThanOrEqual(0)
    }),
  )
})

describe('§3.4 whatever a page says of the next one', () => {
  const link = fc.oneof(fc.webUrl(), fc.string(), fc.constantFrom('//evil.test/v2.1/servers', 'http://[', '?marker=a'))
  const page = fc.record({
    servers: fc.array(json, { maxLength: 3 }),
    servers_links: fc.oneof(
      json,
      fc.array(fc.record({ rel: fc.constantFrom('next', 'self'), href: link }), { maxLength: 3 }),
    ),
    next: fc.oneof(json, link),
  })
  const url = new URL('https://cloud.test:8774/v2.1/servers?limit=2&name=a')

  test('it is on the same host and path, or refused', () => {
    fc.assert(
      fc.property(page, fc.constantFrom<PageStyle>('links', 'next', 'offset'), (body, style) => {
        const next = orRefused(() => nextPage({ url, body, key: 'servers', style, itemsSeen: 2 }))
        if (next === undefined) return
        expect([next.origin, next.pathname, next.username]).toEqual([url.origin, url.pathname, ''])
        expect(next.searchParams.get('name') ?? '').not.toBe(null)
      }),
      { numRuns: fuzzRuns(1_000) },
    )
  })
})

test('§2.1 any answer to a login gives a token with its catalog, or is refused', () => {
  const choice = { region: undefined, endpointType: 'public', endpointOverrides: {} } as const
  const endpoint = fc.record({ interface: fc.constantFrom('public', 'admin'), region_id: json, url: json })
  const entry = fc.record({
    type: fc.oneof(json, fc.constant('compute')),
    endpoints: fc.oneof(json, fc.array(endpoint)),
  })
  const login = fc.record({
    token: fc.oneof(
      json,
      fc.record({ expires_at: fc.oneof(json, fc.string()), catalog: fc.oneof(json, fc.array(entry)) }),
    ),
  })
  fc.assert(
    fc.property(fc.oneof(json, login), fc.constantFrom('password', 'v2'), (body, kind) => {
      const token = orRefused(() => readLogin(kind, 'token-1', JSON.stringify(body), 0))
      if (token === undefined) return
      const found = orRefused(() => resolveEndpoint(token.info.catalog, 'compute', choice))
      if (found !== undefined) expect(found.protocol).toMatch(/^https?:$/)
    }),
    { numRuns: fuzzRuns(1_000) },
  )
})

test('§3.2 any version document gives a range, or none', () => {
  fc.assert(
    fc.property(fc.oneof(json, fc.record({ version: json })), (document) => {
      readMicroversionRange(document)
    }),
  )
})

test('§2.3 any bytes of a kept login are a token, or ignored', () => {
  fc.assert(
    fc.property(anyText, (entry) => {
      readTokenEntry(entry)
    }),
  )
})

test('no answer reaches the prototype of all objects', () => {
  const polluted = '{"__proto__":{"hasBeenHere":true},"constructor":{"prototype":{"hasBeenHere":true}}}'
  orRefused(() => readLogin('password', 'token-1', `{"token":${polluted}}`, 0))
  parseFault(`{"badRequest":${polluted}}`)
  readTokenEntry(polluted)
  expect(Reflect.get({}, 'hasBeenHere')).toBeUndefined()
})
