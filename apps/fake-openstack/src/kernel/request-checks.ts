import { ApiError } from './api-error.ts'
import type { Call } from './call.ts'
import type { Dialect } from './dialect.ts'
import { isObject } from './json-schema.ts'
import { Microversion, negotiate } from './microversion.ts'
import type { PublishedSchemas } from './published-schemas.ts'
import type { Access, Route, ServiceDefinition } from './service.ts'

// What is checked of every request before its handler runs; each throws what the service answers.

/** The request has no token that holds. */
export class UnauthorizedError extends Error {}

/** Checks token and version, in the order of the real middleware. */
export const identify = (call: Call, service: ServiceDefinition, access: Access): void => {
  if (access !== 'public' && !call.tokenIfAny) throw new UnauthorizedError()
  if (service.microversions) {
    const range = service.microversions(call.context.settings.release)
    const path = call.url.href.slice(call.serviceUrl.length)
    if (service.formerBase !== undefined && path.startsWith(`${service.formerBase}/`)) {
      call.isOfFormerApi = true
      call.microversion = Microversion.parse(range.min) ?? call.microversion
      return
    }
    const { version, headers } = negotiate(range, call.request.headers)
    call.microversion = version
    Object.assign(call.responseHeaders, headers)
  }
}

/** Checks what Nova and Cinder look at before they call a method: a body of DELETE, and the one key of an action. */
export const checkBodyForm = (dialect: Dialect, method: string, route: Route | undefined, body: unknown): void => {
  if (method === 'DELETE' && body !== undefined && dialect.deleteBody instanceof ApiError) throw dialect.deleteBody
  if (route?.actions === undefined || body === undefined) return
  const size = isObject(body) ? Object.keys(body).length : sizeInPython(body)
  if (size !== undefined && size !== 1) throw dialect.malformedJson()
  // Python finds no keys in it: the method is missing.
  if (!isObject(body)) throw new ApiError(404, 'The resource could not be found.')
}

/** `len` of a value that is no dict; undefined where Python has none. */
const sizeInPython = (value: unknown): number | undefined =>
  typeof value === 'string' ? [...value].length : Array.isArray(value) ? value.length : undefined

/** Refuses callers who are no administrators where the route is for these. */
export const authorise = (call: Call, access: Access): void => {
  if (typeof access === 'object') call.requireAdmin(access.admin)
}

/** Checks query and body as the decorators of Nova's and Cinder's handlers do. */
export const checkSchemas = (
  call: Call,
  { dialect }: ServiceDefinition,
  schemas: PublishedSchemas,
  route: string,
): void => {
  const { release } = call.context.settings
  const inQuery = schemas.queryProblem(route, call)
  if (inQuery) throw dialect.invalid({ ...inQuery, isInQuery: true }, release)
  const body = call.rawJson
  const inBody = body === undefined ? undefined : schemas.bodyProblem(route, call, body)
  if (inBody) throw dialect.invalid(inBody, release)
}
