import { ApiError } from '../api-error.ts'
import type { Dialect } from '../dialect.ts'
import { keystoneUnauthorized } from './webob.ts'

/** Octavia: `{"faultcode": "Client", "faultstring": …, "debuginfo": null}`. */
export const octaviaDialect: Dialect = {
  error: (error) => ({
    status: error.status,
    headers: { 'content-type': 'application/json', ...error.headers },
    body: error.body ?? {
      faultcode: error.status >= 500 ? 'Server' : 'Client',
      faultstring: error.message,
      debuginfo: null,
    },
  }),
  unauthorized: keystoneUnauthorized,
  // Octavia does not name the policy rule.
  forbidden: () => new ApiError(403, 'Policy does not allow this request to be performed.'),
  malformedJson: () => new ApiError(400, 'Request is not in valid JSON format'),
  invalid: ({ path, value, message }) =>
    new ApiError(400, `Invalid input for field/attribute ${path.at(-1) ?? 'body'}. Value: '${value}'. ${message}`),
  hasExactContentTypes: true,
  otherContentType: (contentType) => new ApiError(415, `Unknown mimetype: ${contentType}`),
  unknownRoute: () => new ApiError(404, 'Not Found', { body: { code: 404, title: 'Not Found', description: '' } }),
  wrongMethod: (allowed) =>
    new ApiError(405, 'Method Not Allowed', {
      headers: { allow: allowed.join(', ') },
      body: { code: 405, title: 'Method Not Allowed', description: '' },
    }),
  // The token is checked before the request gets its id.
  requestIdHeaders: ({ status }) => (status === 401 ? [] : ['x-openstack-request-id']),
}
