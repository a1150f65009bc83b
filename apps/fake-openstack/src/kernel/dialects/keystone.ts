import { ApiError } from '../api-error.ts'
import type { Dialect } from '../dialect.ts'
import { statusText } from '../reply.ts'

const comply =
  'The server could not comply with the request since it is either malformed or otherwise incorrect. The client is assumed to be in error.'

/** Every answer of Keystone depends on the token. */
const vary = 'X-Auth-Token'

/** "Expecting to find … in …": Keystone's words for a missing part of the body. */
export const expectingToFind = (attribute: string, target: string): ApiError =>
  new ApiError(400, `Expecting to find ${attribute} in ${target}. ${comply}`)

/** Keystone: `{"error": {"code": 401, "message": …, "title": "Unauthorized"}}`. */
export const keystoneDialect: Dialect = {
  error: (error) => ({
    status: error.status,
    headers: { 'content-type': 'application/json', vary, ...error.headers },
    body: error.body ?? {
      error: { code: error.status, message: error.message, title: statusText(error.status) },
    },
  }),
  unauthorized: (identityUrl) => ({
    status: 401,
    headers: { 'content-type': 'application/json', vary, 'www-authenticate': `Keystone uri="${identityUrl}/v3"` },
    body: {
      error: { code: 401, message: 'The request you have made requires authentication.', title: 'Unauthorized' },
    },
  }),
  forbidden: (policy) => new ApiError(403, `You are not authorized to perform the requested action: ${policy}.`),
  malformedJson: () => expectingToFind('valid JSON', 'request body'),
  // The schemas are those of what is inside the envelope.
  invalid: ({ path, value, message }) => {
    const missing = /^'(\w+)' is a required property$/.exec(message)?.[1]
    if (path.length === 0 && missing !== undefined && typeof value === 'object') {
      return expectingToFind(missing, 'request body')
    }
    const inside = path.slice(1)
    return new ApiError(
      400,
      inside.length === 0 ? message : `Invalid input for field '${inside.join('/')}': ${message}`,
    )
  },
  otherContentType: () => expectingToFind('application/json', 'Content-Type header'),
  wrongMethod: (allowed) =>
    new ApiError(405, 'The method is not allowed for the requested URL.', {
      headers: { allow: allowed.join(', ') },
      body: { message: 'The method is not allowed for the requested URL.' },
    }),
  unknownRoute: () =>
    new ApiError(404, 'Not Found', {
      headers: { 'content-type': 'text/html; charset=utf-8' },
      body: `<!doctype html>
<html lang=en>
<title>404 Not Found</title>
<h1>Not Found</h1>
<p>The requested URL was not found on the server. If you entered the URL manually please check your spelling and try again.</p>
`,
    }),
  isRoutedBeforeLogin: true,
  requestIdHeaders: () => ['x-openstack-request-id'],
}
