import { readFileSync } from 'node:fs'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { ServiceResponse } from './exchange.ts'
import { isNotFound } from './openstack-error.ts'
import {
  describeResponder,
  foreignNotFound,
  parseFault,
  parseRetryAfter,
  refusal,
  retryAfterOf,
  saysNotFound,
} from './refusal.ts'

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
    expect(parseFault('x '.repeat(100_000)).fault?.message).toHaveLength(2048)
  })

  test('user data that a service quotes is not shown, so that no secret is shown in part', () => {
    const value = Buffer.from('{"mbus":"nats://u:secret@h"}'.repeat(200)).toString('base64')
    const message = `Invalid input for field/attribute server. Value: {'user_data': '${value}'}. 'x' was unexpected`
    const { fault } = parseFault(JSON.stringify({ badRequest: { code: 400, message } }))
    expect(fault?.message).toMatch(/^Invalid input.*Value: \{'user_data': <\d+ characters> 'x' was unexpected$/)
  })
})

const now = Date.parse('2026-01-01T00:00:00Z')

test.each([
  ['a clock that is two hours ahead', 'Wed, 31 Dec 2025 22:00:00 GMT', 'Wed, 31 Dec 2025 22:00:30 GMT', 30_000],
  ['a clock that is two hours behind', 'Thu, 01 Jan 2026 02:00:00 GMT', 'Thu, 01 Jan 2026 02:00:30 GMT', 30_000],
  ['a server without a clock', undefined, 'Thu, 01 Jan 2026 00:00:30 GMT', 30_000],
  ['a number', 'Wed, 31 Dec 2025 22:00:00 GMT', '30', 30_000],
])('§3.5 Retry-After and %s', (_, date, header, ms) => {
  const headers = { 'retry-after': header, ...(date === undefined ? {} : { date }) }
  expect(retryAfterOf({ status: 503, headers, body: '' }, now)).toBe(ms)
})

test('§3.5 Retry-After in the form of asctime is in GMT, whatever the time zone', () => {
  const zone = process.env['TZ']
  process.env['TZ'] = 'Pacific/Kiritimati'
  onTestFinished(() => {
    if (zone === undefined) delete process.env['TZ']
    else process.env['TZ'] = zone
  })
  expect(parseRetryAfter('Thu Jan  1 00:00:30 2026', now)).toBe(30_000)
})

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

const services = ['compute', 'block-storage', 'network', 'image', 'load-balancer'] as const

const response = (body: string, requestId?: string, headers = {}): ServiceResponse => ({
  status: 404,
  headers,
  body,
  requestId,
})

interface Recorded {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: unknown
}

/** The answers with status 404 that a real cloud gave. */
function recorded404s(service: string): readonly (readonly [string, Recorded])[] {
  const file = new URL(`../../../../tooling/parity/recordings/zed/${service}.json`, import.meta.url)
  const all: Readonly<Record<string, Recorded>> = JSON.parse(readFileSync(file, 'utf8'))
  return Object.entries(all).filter(([, { status, body }]) => status === 404 && body !== null)
}

describe.each(services)('§3.5 404s of a real cloud: %s', (service) => {
  const answers = recorded404s(service)
  const isRoute = ({ body }: Recorded): boolean =>
    /The resource could not be found/.test(JSON.stringify(body)) && !JSON.stringify(body).includes('itemNotFound')

  test('there are some', () => {
    expect(answers.length).toBeGreaterThan(3)
  })

  test.each(answers.filter(([, it]) => !isRoute(it)))('%s: the object does not exist', (_name, { body }) => {
    expect(saysNotFound(service, response(JSON.stringify(body), 'req-1'))).toBe(true)
  })

  test.each(answers.filter(([, it]) => isRoute(it)))('%s: the path does not exist', (_name, { body }) => {
    expect(saysNotFound(service, response(JSON.stringify(body), 'req-1'))).toBe(false)
  })
})

test.each([
  ['compute', '{"itemNotFound": {"code": 404, "message": "Instance 1 could not be found."}}'],
  ['block-storage', '{"itemNotFound": {"code": 404, "message": "Volume 1 could not be found."}}'],
  ['network', '{"NeutronError": {"type": "PortNotFound", "message": "Port 1 could not be found.", "detail": ""}}'],
  ['image', '{"message": "No image found with ID 1<br /><br />", "code": "404 Not Found", "title": "Not Found"}'],
  ['load-balancer', '{"faultcode": "Client", "faultstring": "Pool 1 not found.", "debuginfo": null}'],
  ['load-balancer', '{"code": 404, "title": "Bad Request", "description": "Pool 1 not found."}'],
  ['load-balancer', '{"NeutronError": {"type": "PoolNotFound", "message": "Pool 1 could not be found", "detail": ""}}'],
])("§3.5 %s's own words count although a proxy has taken the request id away", (service, body) => {
  expect(saysNotFound(service, response(body))).toBe(true)
})

test('§3.5 a request id counts whatever the body is: old Glance answers HTML', () => {
  const html = '<html><head><title>404 Not Found</title></head><body><h1>404 Not Found</h1>No image 1</body></html>'
  expect(saysNotFound('image', response(html, 'req-1'))).toBe(true)
})

/** What nginx, Apache, HAProxy, ingress controllers, API gateways and Kubernetes answer for a path they do not know. */
const foreign: readonly string[] = [
  '<html>\r\n<head><title>404 Not Found</title></head>\r\n<body>\r\n<center><h1>404 Not Found</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n',
  '<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN"><html><head><title>404 Not Found</title></head><body><h1>Not Found</h1><p>The requested URL was not found on this server.</p></body></html>',
  'default backend - 404',
  '404 page not found\n',
  '',
  '{}',
  '[]',
  'null',
  '"not found"',
  '{"message":"no Route matched with those values"}',
  '{"message":"Missing Authentication Token"}',
  '{"error_msg":"404 Route Not Found"}',
  '{"error":"not found"}',
  '{"error":{"code":404,"message":"not found"}}',
  '{"kind":"Status","apiVersion":"v1","status":"Failure","message":"not found","reason":"NotFound","code":404}',
  '{"timestamp":"2030-01-01T00:00:00Z","status":404,"error":"Not Found","path":"/v2.1/servers/1"}',
  '{"type":"about:blank","title":"Not Found","status":404,"detail":"no such route"}',
  '{"code":404,"message":"not found"}',
  '{"itemNotFound":"no"}',
]

test.each(services.flatMap((service) => foreign.map((body) => [service, body] as const)))(
  '§3.5 %s: nothing is concluded from %j',
  (service, body) => {
    const url = new URL('http://cloud.test/servers/1')
    const error = refusal(service, 'GET', url, response(body, undefined, { server: 'nginx/1.25' }), 0)
    expect(isNotFound(error)).toBe(false)
    expect(error).toMatchObject({ kind: 'foreign-answer', status: 404, url: url.href })
    expect(error.message).toContain('http://cloud.test/servers/1')
    expect(error.message).toContain('nginx/1.25')
    expect(error.message).toContain('endpoint_overrides')
  },
)

test('§3.5 an endpoint without its version: the message says that the service has no such path', () => {
  const body =
    '{"message": "The resource could not be found.<br /><br />", "code": "404 Not Found", "title": "Not Found"}'
  const error = foreignNotFound('block-storage', 'GET', new URL('http://c.test/volumes/1'), response(body, 'req-7'))
  expect(error.message).toMatch(/no such path \(req-7\).*\/v3/)
})

test('the responder is described by its headers and its first words', () => {
  const page = response(`<h1>${'wrong '.repeat(100)}</h1>`, undefined, { server: 'envoy', via: '1.1 squid' })
  expect(describeResponder(page)).toBe(`envoy via 1.1 squid, "${'wrong '.repeat(19)}wrong…"`)
  expect(describeResponder(response(''))).toBe('an unnamed server, an empty body')
})
