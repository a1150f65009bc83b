import { STATUS_CODES } from 'node:http'
import { header } from './exchange.ts'
import { parseFault } from './fault.ts'
import { describeResponder, foreignNotFound, saysNotFound } from './not-found.ts'
import { OpenStackError } from './openstack-error.ts'
import { parseRetryAfter } from './retry-after.ts'
import type { ServiceResponse } from './transport.ts'

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
  const retryAfterMs = parseRetryAfter(header(response, 'retry-after'), nowMs) ?? inBody
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

/**
 * The JSON of an answer, or what stands under `pick`. The type is the service's promise, written down in the module
 * that asks. Throws kind `decode` for anything but JSON, and when there is no object, or none under `pick`. An empty body
 * is undefined where the API has answers without one: not after GET, and not where something was made.
 */
export function decodeJson<T>(
  service: string,
  method: string,
  response: ServiceResponse & { readonly url: URL },
  pick: string | undefined,
): T {
  const details = {
    service,
    method,
    url: response.url.href,
    status: response.status,
    ...(response.requestId === undefined ? {} : { requestId: response.requestId }),
  }
  const place = `${service}: ${method} ${response.url.href}`
  const mayBeEmpty = method !== 'GET' && response.status !== 201
  if (response.body === '' && pick === undefined && mayBeEmpty) return undefined as T // methods without an answer have T = void
  let json: unknown
  try {
    json = JSON.parse(response.body)
  } catch (cause) {
    throw new OpenStackError('decode', `${place}: the answer is not JSON`, { ...details, cause })
  }
  if (pick === undefined && mayBeEmpty) return json as T // see above: the module names the wire type
  if (!isObject(json)) throw new OpenStackError('decode', `${place}: the answer is no object`, details)
  if (pick === undefined) return json as T
  if (typeof json[pick] !== 'object' || json[pick] === null)
    throw new OpenStackError('decode', `${place}: the answer has no '${pick}'`, details)
  return json[pick] as T
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
