import type { Fault } from './openstack-error.ts'

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
  if (!isRecord(json)) {
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
  if (!isRecord(inner)) return undefined
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
    if (!isRecord(inner) || inner['retryAfter'] === undefined) continue
    const seconds = Number(inner['retryAfter'])
    if (Number.isFinite(seconds) && seconds >= 0) return seconds * 1000
  }
  return undefined
}

/** Without markup, in one line, cut. */
function plainText(text: string): string {
  const plain = text
    .slice(0, 16 * longestMessage)
    .replace(/<(style|script|head)\b[\s\S]*?<\/\1>/gi, ' ')
    .replace(/<[^>]*>/g, ' ')
    .replace(/&(lt|gt|amp|quot|#39|nbsp);/g, (_, name: string) => entities[name] ?? ' ')
    .replace(/\s+/g, ' ')
    .trim()
  return plain.length <= longestMessage ? plain : `${plain.slice(0, longestMessage - 1)}…`
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

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * How long a `Retry-After` header asks to wait, in milliseconds: whole seconds or an HTTP date (RFC 9110, 10.2.3).
 * A date that has passed is 0; anything else undefined.
 */
export function parseRetryAfter(header: string | undefined, nowMs: number): number | undefined {
  const text = header?.trim()
  if (text === undefined || text === '') return undefined
  if (/^\d+(\.\d+)?$/.test(text)) return Math.round(Number(text) * 1000)
  // Date.parse takes far more than HTTP dates, for example "-5".
  if (!/^[A-Za-z]{3,9}, /.test(text) && !/^[A-Za-z]{3} [A-Za-z]{3} /.test(text)) return undefined
  const atMs = Date.parse(text)
  return Number.isNaN(atMs) ? undefined : Math.max(0, atMs - nowMs)
}
