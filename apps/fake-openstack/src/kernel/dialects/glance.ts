import { ApiError } from '../api-error.ts'
import type { Dialect } from '../dialect.ts'
import { statusText } from '../status-text.ts'
import { webobBody } from './webob.ts'

const unauthorizedText =
  'This server could not verify that you are authorized to access the document you requested. Either you supplied the wrong credentials (e.g., bad password), or your browser does not understand how to supply the credentials required.'

/** Glance: `{"message": "…<br /><br />\n\n\n", "code": "404 Not Found", "title": "Not Found"}`. */
export const glanceDialect: Dialect = {
  error: (error) => ({
    status: error.status,
    headers: { 'content-type': 'application/json', ...error.headers },
    body: error.body ?? webobBody(error.status, statusText(error.status), error.message, error.explanation),
  }),
  unauthorized: (identityUrl) => ({
    status: 401,
    headers: { 'content-type': 'application/json', 'www-authenticate': `Keystone uri="${identityUrl}"` },
    body: webobBody(401, 'Unauthorized', unauthorizedText),
  }),
  forbidden: () => new ApiError(403, 'You are not authorized to complete this action.'),
  malformedJson: () => new ApiError(400, 'Malformed JSON in request body.'),
  invalid: ({ message }) => new ApiError(400, `Provided object does not match schema 'image': ${message}`),
  otherContentType: () => 'parse',
  wrongMethod: (allowed) =>
    new ApiError(405, 'The method is not allowed for this resource.', { headers: { allow: allowed.join(', ') } }),
  requestIdHeaders: ['x-openstack-request-id'],
}
