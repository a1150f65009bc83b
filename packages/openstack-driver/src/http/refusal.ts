import { STATUS_CODES } from 'node:http'
import { header, type ServiceResponse } from './exchange.ts'
import { parseFault, parseRetryAfter } from './fault.ts'
import { describeResponder, foreignNotFound, saysNotFound } from './not-found.ts'
import { OpenStackError } from './openstack-error.ts'

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
