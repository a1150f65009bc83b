import { ApiError } from '../api-error.ts'
import type { Dialect } from '../dialect.ts'
import { pythonStr } from '../python-repr.ts'
import type { SchemaProblem } from '../validation.ts'
import { keystoneUnauthorized, routingNotFound } from './webob.ts'

const faultKeys: Readonly<Record<number, string>> = {
  400: 'badRequest',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'itemNotFound',
  405: 'badMethod',
  409: 'conflictingRequest',
  413: 'overLimit',
  415: 'badMediaType',
  429: 'overLimit',
  501: 'notImplemented',
  503: 'serviceUnavailable',
}

const jsonSchemaMessage = ({ path, value, message, isInQuery }: SchemaProblem): string => {
  if (isInQuery && path[0] !== undefined) {
    return `Invalid input for query parameters ${path[0]}. Value: ${pythonStr(value)}. ${message}`
  }
  const field = path.at(-1)
  if (field === undefined) return message
  return `Invalid input for field/attribute ${field}. Value: ${pythonStr(value)}. ${message}`
}

/** What breaks a schema of Nova or Cinder, in the words of both. */
export const invalidInput = (problem: SchemaProblem): ApiError => new ApiError(400, jsonSchemaMessage(problem))

const base: Omit<Dialect, 'otherContentType' | 'forbidden' | 'requestIdHeaders'> = {
  error: (error) => ({
    status: error.status,
    headers: { 'content-type': 'application/json; charset=UTF-8', ...error.headers },
    body: error.body ?? {
      [error.type ?? faultKeys[error.status] ?? 'computeFault']: { code: error.status, message: error.message },
    },
  }),
  unauthorized: keystoneUnauthorized,
  malformedJson: () => new ApiError(400, 'Malformed request body'),
  invalid: invalidInput,
  wrongMethod: routingNotFound,
  unknownRoute: routingNotFound,
}

/** Nova: `{"badRequest": {"code": 400, "message": …}}`. */
export const novaDialect: Dialect = {
  ...base,
  forbidden: (policy) => new ApiError(403, `Policy doesn't allow ${policy} to be performed.`),
  otherContentType: () => 'parse',
  refusedContentType: (type) =>
    ['', 'text/plain', 'application/json', 'application/vnd.openstack.compute+json'].includes(type)
      ? undefined
      : new ApiError(415, 'Unsupported Content-Type'),
  deleteBody: 'ignored',
  requestIdHeaders: ({ body }) => {
    const isVersions = typeof body === 'object' && body !== null && 'versions' in body
    return isVersions ? [] : ['x-openstack-request-id', 'x-compute-request-id']
  },
  emptyContentType: 'application/json',
}

/** Cinder: the same faults, another rule for content types. */
export const cinderDialect: Dialect = {
  ...base,
  error: (error, accept) => ({
    ...base.error(error, accept),
    headers: { 'content-type': 'application/json', ...error.headers },
  }),
  forbidden: (policy) => new ApiError(403, `Policy doesn't allow ${policy} to be performed.`),
  otherContentType: () => new ApiError(415, 'Unsupported Content-Type'),
  hasExactContentTypes: true,
  deleteBody: new ApiError(
    400,
    'The server could not comply with the request since it is either malformed or otherwise incorrect.',
  ),
  invalid: (problem) =>
    problem.path.length === 0 && problem.value === undefined
      ? // No body at all: Cinder's check stumbles over it.
        new ApiError(500, 'The server has either erred or is incapable of performing the requested operation.')
      : invalidInput(problem),
  // Answers that never reached a controller, or that it made by hand, have the general id only.
  requestIdHeaders: ({ status, headers, body }) => {
    const isByHand = headers?.['content-type']?.startsWith('text/html') ?? false
    const isOutside = status === 401 || (typeof body === 'object' && body !== null && 'title' in body)
    return isByHand || isOutside ? ['x-openstack-request-id'] : ['x-openstack-request-id', 'x-compute-request-id']
  },
}
