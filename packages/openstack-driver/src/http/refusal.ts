import { STATUS_CODES } from 'node:http'
import { isJsonObject } from '@openstack-cpi/cpi-core'
import * as z from 'zod/mini'
import { type HttpResponse, header, type ServiceResponse } from './exchange.ts'
import { type Fault, OpenStackError } from './openstack-error.ts'
import { shortened } from './shortened.ts'

/**
 * The error for an answer with an unexpected status. A 401 here is the refusal of a fresh token: kind `auth`; a 404 that
 * the service did not write is kind `foreign-answer`.
 */
export function refusal(
  service: string,
  method: string,
  url: URL,
  response: ServiceResponse,
  nowMs: number,
): OpenStackError {
  const { status, requestId } = response
  if (status === 404 && !saysNotFound(service, response)) return foreignNotFound(service, method, url, response)
  const { fault, retryAfterMs: inBody, isFromService } = parseFault(response.body)
  const retryAfterMs = retryAfterOf(response, nowMs) ?? inBody
  const isRedirect = status >= 300 && status < 400
  const words = isRedirect ? `redirects to ${header(response, 'location') ?? 'nowhere'}` : (fault?.message ?? '')
  return new OpenStackError(
    status === 401 ? 'auth' : 'http',
    `OpenStack API ${statusText(status)}${words === '' ? '' : ` (${words})`}: ` +
      `${service} answered ${method} ${url.href} with ${status} (${requestId ?? (isFromService ? 'no request id' : `no request id; from ${describeResponder(response)}`)})`,
    {
      service,
      method,
      url: url.href,
      status,
      ...(fault === undefined ? {} : { fault }),
      ...(requestId === undefined ? {} : { requestId }),
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    },
  )
}

/** `Bad Request` and the like. */
const statusText = (status: number): string => STATUS_CODES[status] ?? `status ${status}`

/** The longest text of a service that goes into a message, in characters. */
const longestMessage = 2048

/** What a refusal's body says, with the wait it asks for. */
export interface ParsedFault {
  readonly fault: Fault | undefined
  /** `retryAfter` in the body, as Nova and Cinder send it with `overLimit`. */
  readonly retryAfterMs: number | undefined
  /** Did one of OpenStack's services write it, rather than a proxy in front? */
  readonly isFromService: boolean
}

/**
 * Reads the body of a refusal in each service's dialect (driver spec §3.5, "Message extraction"): Nova, Cinder and
 * Keystone `{"<fault>":{code,message}}`, Neutron `{"NeutronError":{type,message,detail}}` or a string there, Octavia
 * `{faultcode,faultstring}`, Glance `{message,code,title}` with markup, HTML or plain text; else the text itself.
 */
export function parseFault(body: string): ParsedFault {
  const json = parseJson(body)
  if (!isJsonObject(json)) {
    const message = plainText(body)
    return { fault: message === '' ? undefined : { message }, retryAfterMs: undefined, isFromService: false }
  }
  const fault = octaviaFault(json) ?? glanceFault(json) ?? envelopeFault(json)
  if (fault === undefined) {
    return { fault: { message: plainText(body) }, retryAfterMs: undefined, isFromService: false }
  }
  return { fault, retryAfterMs: bodyRetryAfterMs(json), isFromService: true }
}

function octaviaFault(json: Record<string, unknown>): Fault | undefined {
  const { faultstring, faultcode } = json
  if (typeof faultstring !== 'string') return undefined
  return { message: plainText(faultstring), ...(typeof faultcode === 'string' ? { type: faultcode } : {}) }
}

function glanceFault(json: Record<string, unknown>): Fault | undefined {
  const { message, title, code } = json
  if (typeof message !== 'string') return undefined
  const number = Number.parseInt(String(code), 10)
  return {
    message: plainText(message),
    ...(typeof title === 'string' ? { type: title } : {}),
    ...(Number.isNaN(number) ? {} : { code: number }),
  }
}

function envelopeFault(json: Record<string, unknown>): Fault | undefined {
  const [entry, ...others] = Object.entries(json)
  if (entry === undefined || others.length > 0) return undefined
  const [key, inner] = entry
  if (typeof inner === 'string') return { message: plainText(inner), type: key }
  if (!isJsonObject(inner)) return undefined
  const { message, type, code, detail } = inner
  if (typeof message !== 'string') return undefined
  const text = typeof detail === 'string' && detail !== '' ? `${message} ${detail}` : message
  return {
    message: plainText(text),
    type: typeof type === 'string' ? type : key,
    ...(typeof code === 'number' ? { code } : {}),
  }
}

function bodyRetryAfterMs(json: Record<string, unknown>): number | undefined {
  for (const inner of Object.values(json)) {
    if (!isJsonObject(inner) || inner['retryAfter'] === undefined) continue
    const seconds = Number(inner['retryAfter'])
    if (Number.isFinite(seconds) && seconds >= 0) return seconds * 1000
  }
  return undefined
}

/** Without markup, in one line, cut. */
function plainText(text: string): string {
  const plain = shortened(text, 16 * longestMessage)
    .replace(/<(style|script|head)\b[\s\S]*?<\/\1>/gi, ' ')
    .replace(/<[^>]*>/g, ' ')
    .replace(/&(lt|gt|amp|quot|#39|nbsp);/g, (_, name: string) => entities[name] ?? ' ')
    // Nova quotes what it refuses: user data could be cut in the midst of a secret, which would not be recognised any more.
    .replace(/\S{512,}/g, (run) => `<${run.length} characters>`)
    .replace(/\s+/g, ' ')
    .trim()
  return shortened(plain, longestMessage)
}

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', '#39': "'", nbsp: ' ' }

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined // not JSON: a proxy's page, or Glance's HTML
    throw error
  }
}

/**
 * How long a `Retry-After` header asks to wait, in milliseconds: whole seconds or an HTTP date (RFC 9110, 10.2.3).
 * A date that has passed is 0; anything else undefined.
 */
export function parseRetryAfter(header: string | undefined, nowMs: number): number | undefined {
  const text = header?.trim()
  if (text === undefined || text === '') return undefined
  if (/^\d+(\.\d+)?$/.test(text)) return Math.round(Number(text) * 1000)
  const atMs = httpDateMs(text)
  return atMs === undefined ? undefined : Math.max(0, atMs - nowMs)
}

/** The `Retry-After` of a response. A date in it is compared with the server's own `Date`, since local clocks differ. */
export function retryAfterOf(response: HttpResponse, nowMs: number): number | undefined {
  return parseRetryAfter(header(response, 'retry-after'), httpDateMs(header(response, 'date') ?? '') ?? nowMs)
}

/**
 * An HTTP date (RFC 9110, 5.6.7), always in GMT. Date.parse takes far more, for example "-5", and reads asctime's form
 * as local.
 */
function httpDateMs(text: string): number | undefined {
  const isAsctime = /^[A-Za-z]{3} [A-Za-z]{3} /.test(text)
  if (!isAsctime && !/^[A-Za-z]{3,9}, /.test(text)) return undefined
  const ms = Date.parse(isAsctime ? `${text} GMT` : text)
  return Number.isNaN(ms) ? undefined : ms
}

/** WebOb's text for a path without a route. Glance and Neutron use the form of a missing object for it. */
const noRoute = /^The resource could not be found\.?(\s|$)/

/**
 * Does this 404 say that the object does not exist, in the words of the service that was asked? A body in the service's
 * own form does, and so does any other with the service's request id. A proxy's page, an ingress without a backend and
 * a path that the service does not know say nothing about the object.
 *
 * Forms as recorded on Zed: Nova and Cinder `itemNotFound`, Neutron `NeutronError`, Glance `{message, code, title}`,
 * Octavia `{faultcode, faultstring}` or `{code, title, description}`.
 */
export function saysNotFound(service: string, response: ServiceResponse): boolean {
  const json = parseJson(response.body)
  if (isItemNotFound(json)) return true
  const message = parseFault(response.body).fault?.message ?? ''
  if (noRoute.test(message)) return false
  return response.requestId !== undefined || hasFormOf(service, json)
}

/** Nova and Cinder use this form for objects only, also where the text is WebOb's. */
const isItemNotFound = (json: unknown): boolean =>
  z.strictObject({ itemNotFound: z.looseObject({ message: z.string() }) }).safeParse(json).success

function hasFormOf(service: string, json: unknown): boolean {
  const neutron = z.strictObject({
    NeutronError: z.looseObject({ type: z.string().check(z.regex(/NotFound/)), message: z.string() }),
  })
  switch (service) {
    case 'network':
      return neutron.safeParse(json).success
    case 'image':
      return z
        .strictObject({ message: z.string(), code: z.literal('404 Not Found'), title: z.literal('Not Found') })
        .safeParse(json).success
    case 'load-balancer':
      return (
        neutron.safeParse(json).success || // the former extension of Neutron
        z.looseObject({ faultcode: z.literal('Client'), faultstring: z.string() }).safeParse(json).success ||
        z.strictObject({ code: z.literal(404), title: z.string(), description: z.string() }).safeParse(json).success
      )
    default:
      return false
  }
}

/** The error for a 404 that says nothing about the object. Never counts as "not found". */
export function foreignNotFound(service: string, method: string, url: URL, response: ServiceResponse): OpenStackError {
  const { requestId } = response
  const message = parseFault(response.body).fault?.message ?? ''
  const isOpenStacks = noRoute.test(message) && requestId !== undefined
  const what = isOpenStacks
    ? `the service has no such path (${requestId}), or hides the object from this user`
    : `the answer is not from OpenStack's ${service} service but from ${describeResponder(response)}`
  return new OpenStackError(
    'foreign-answer',
    `${service}: ${method} ${url.href} was answered with 404, but ${what}. Whether the object exists is unknown. ` +
      `Check endpoint_overrides (with the version, for example /v3), the URL in the service catalog, ` +
      `and proxies or ingresses between the CPI and the service`,
    {
      service,
      method,
      url: url.href,
      status: response.status,
      ...(requestId === undefined ? {} : { requestId }),
    },
  )
}

/** The longest text of a page that goes into a message, in characters. */
const longestShown = 120

/** Who seems to have answered: the `Server` and `Via` headers, and the first words of the page. */
export function describeResponder(response: HttpResponse): string {
  const names = [header(response, 'server'), header(response, 'via')].filter((name) => name !== undefined)
  const text = parseFault(response.body).fault?.message ?? ''
  const words = text === '' ? 'an empty body' : `"${shortened(text, longestShown)}"`
  return `${names.length === 0 ? 'an unnamed server' : names.join(' via ')}, ${words}`
}
