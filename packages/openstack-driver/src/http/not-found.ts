import * as z from 'zod/mini'
import { type HttpResponse, header, type ServiceResponse } from './exchange.ts'
import { parseFault } from './fault.ts'
import { OpenStackError } from './openstack-error.ts'

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
  const words =
    text === '' ? 'an empty body' : `"${text.length <= longestShown ? text : `${text.slice(0, longestShown)}…`}"`
  return `${names.length === 0 ? 'an unnamed server' : names.join(' via ')}, ${words}`
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined // a page
    throw error
  }
}
