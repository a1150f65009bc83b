import { describe, expect, test } from 'vitest'
import { parseFault, parseRetryAfter } from './fault.ts'

describe('§3.5 each dialect, as the services write it', () => {
  test.each<[string, string, object]>([
    [
      'Nova',
      '{"badRequest": {"code": 400, "message": "Invalid key_name provided."}}',
      { message: 'Invalid key_name provided.', type: 'badRequest', code: 400 },
    ],
    [
      'Keystone',
      '{"error":{"code":401,"message":"The request you have made requires authentication.","title":"Unauthorized"}}\n',
      { message: 'The request you have made requires authentication.', type: 'error', code: 401 },
    ],
    [
      'Neutron',
      '{"NeutronError": {"type": "OverQuota", "message": "Quota exceeded for resources: [\'port\'].", "detail": ""}}',
      { message: "Quota exceeded for resources: ['port'].", type: 'OverQuota' },
    ],
    ['Neutron, a string', '{"NeutronError": "Something broke"}', { message: 'Something broke', type: 'NeutronError' }],
    [
      'Octavia',
      '{"faultcode": "Client", "faultstring": "Pool x is immutable and cannot be updated.", "debuginfo": null}',
      { message: 'Pool x is immutable and cannot be updated.', type: 'Client' },
    ],
    [
      'Glance',
      '{"message": "No image found with ID x<br /><br />\\n\\n\\n", "code": "404 Not Found", "title": "Not Found"}',
      { message: 'No image found with ID x', type: 'Not Found', code: 404 },
    ],
  ])('%s', (_, body, fault) => {
    expect(parseFault(body)).toMatchObject({ fault, isFromService: true })
  })

  test('a proxy answers with a page', () => {
    const page =
      '<html><head><title>502</title><style>b{}</style></head><body><h1>502 Bad&nbsp;Gateway</h1></body></html>'
    expect(parseFault(page)).toEqual({
      fault: { message: '502 Bad Gateway' },
      retryAfterMs: undefined,
      isFromService: false,
    })
  })

  test('no body, no fault', () => {
    expect(parseFault('')).toEqual({ fault: undefined, retryAfterMs: undefined, isFromService: false })
  })

  test('JSON that is no fault is told as it is', () => {
    expect(parseFault('{"a": 1, "b": 2}')).toMatchObject({
      fault: { message: '{"a": 1, "b": 2}' },
      isFromService: false,
    })
  })

  test('the body may say how long to wait', () => {
    const body = '{"overLimit": {"code": 413, "message": "This request was rate-limited.", "retryAfter": "7"}}'
    expect(parseFault(body).retryAfterMs).toBe(7_000)
  })

  test('long texts are cut at 2 KiB', () => {
    expect(parseFault('x'.repeat(100_000)).fault?.message).toHaveLength(2048)
  })
})

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
