import { ApiError } from '../api-error.ts'
import type { Dialect } from '../dialect.ts'
import { keystoneUnauthorized } from './webob.ts'

const isVersions = (body: unknown): boolean => typeof body === 'object' && body !== null && 'versions' in body

/** Neutron: `{"NeutronError": {"type": "PortNotFound", "message": …, "detail": ""}}`. */
export const neutronDialect: Dialect = {
  error: (error) => ({
    status: error.status,
    headers: { 'content-type': 'application/json', ...error.headers },
    body: error.body ?? {
      NeutronError: { type: error.type ?? defaultType(error.status), message: error.message, detail: '' },
    },
  }),
  unauthorized: keystoneUnauthorized,
  forbidden: (policy) => new ApiError(403, `rule:${policy} is disallowed by policy`, { type: 'PolicyNotAuthorized' }),
  // Networks, subnets and ports have controllers of their own; all others are extensions.
  malformedJson: (path = '') =>
    /^\/(networks|subnets|ports)(\/:id)?$/.test(path)
      ? new ApiError(400, 'Body contains invalid data', { type: 'HTTPBadRequest' })
      : new ApiError(400, 'Malformed request body: Cannot understand JSON.', { type: 'MalformedRequestBody' }),
  invalid: ({ path, message }) =>
    new ApiError(400, `Invalid input for ${path.at(-1) ?? 'body'}. Reason: ${message}.`, { type: 'HTTPBadRequest' }),
  otherContentType: () => 'parse',
  wrongMethod: () =>
    new ApiError(
      405,
      'The server could not comply with the request since it is either malformed or otherwise incorrect.',
      {
        type: 'HTTPMethodNotAllowed',
      },
    ),
  unknownRoute: () => new ApiError(404, 'The resource could not be found.', { type: 'HTTPNotFound' }),
  requestIdHeaders: ({ body }) => (isVersions(body) ? [] : ['x-openstack-request-id']),
}

const defaultType = (status: number): string =>
  ({ 400: 'BadRequest', 403: 'PolicyNotAuthorized', 404: 'HTTPNotFound', 409: 'Conflict', 501: 'HTTPNotImplemented' })[
    status
  ] ?? 'HTTPInternalServerError'
