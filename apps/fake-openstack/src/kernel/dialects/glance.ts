import { ApiError } from '../api-error.ts'
import type { Dialect } from '../dialect.ts'
import { routingNotFound, webobReply } from './webob.ts'

const unauthorizedText =
  'This server could not verify that you are authorized to access the document you requested. Either you supplied the wrong credentials (e.g., bad password), or your browser does not understand how to supply the credentials required.'

/** Glance: WebOb's own form, `{"message": "…<br /><br />\n\n\n", "code": "404 Not Found", "title": "Not Found"}`. */
export const glanceDialect: Dialect = {
  error: webobReply,
  unauthorized: (identityUrl, accept) =>
    webobReply(
      new ApiError(401, unauthorizedText, { headers: { 'www-authenticate': `Keystone uri="${identityUrl}"` } }),
      accept,
    ),
  forbidden: (policy) => new ApiError(403, `You are not authorized to complete ${policy} action.`),
  malformedJson: () => new ApiError(400, 'Malformed JSON in request body.'),
  invalid: ({ path, value, message }) =>
    path.length === 0 && (typeof value !== 'object' || Array.isArray(value))
      ? new ApiError(500, 'The server has either erred or is incapable of performing the requested operation.')
      : new ApiError(400, `Provided object does not match schema 'image': ${message}`),
  otherContentType: () => 'parse',
  wrongMethod: (allowed, method) =>
    new ApiError(405, `The method ${method} is not allowed for this resource.`, {
      headers: { allow: allowed.join(', ') },
    }),
  unknownRoute: routingNotFound,
  // The token is checked before the request gets its id.
  requestIdHeaders: ({ status, body }) => {
    const isVersions = typeof body === 'object' && body !== null && 'versions' in body
    return status === 401 || isVersions ? [] : ['x-openstack-request-id']
  },
}
