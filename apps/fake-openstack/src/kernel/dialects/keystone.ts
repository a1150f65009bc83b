import { ApiError } from '../api-error.ts'
import type { Dialect } from '../dialect.ts'
import { pythonStr } from '../python-repr.ts'
import type { ByRelease } from '../release.ts'
import { statusText } from '../reply.ts'
import type { SchemaProblem } from '../validation.ts'

const comply =
  'The server could not comply with the request since it is either malformed or otherwise incorrect. The client is assumed to be in error.'

/** Every answer of Keystone depends on the token. */
const vary = 'X-Auth-Token'

/** "Expecting to find … in …": Keystone's words for a missing part of the body. */
export const expectingToFind = (attribute: string, target: string): ApiError =>
  new ApiError(400, `Expecting to find ${attribute} in ${target}. ${comply}`)

const inEnvelope = ({ path, message }: SchemaProblem): string => {
  const inside = path.slice(1)
  return inside.length === 0 ? message : `Invalid input for field '${inside.join('/')}': ${message}`
}
/** How a resource's schema is checked from 2025.1 on; logins keep their words. */
const asNova = ({ path, value, message }: SchemaProblem): string =>
  `Invalid input for field/attribute ${path.at(-1) ?? ''}. Value: ${pythonStr(value)}. ${message}`

const checkedAsBefore: ByRelease<(key: string | number | undefined) => boolean> = {
  zed: () => true,
  '2025.1': (key) => key === 'auth' || key === 'region',
  '2026.2': (key) => key === 'auth',
}

/** The methods of a path as Werkzeug lists them; the order means nothing. */
export const allowOf = (methods: readonly string[]): string =>
  [...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'].join(', ')

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
  invalid: ({ path, value, message }, release) => {
    const missing = /^'(\w+)' is a required property$/.exec(message)?.[1]
    if (path.length === 0 && missing !== undefined && typeof value === 'object') {
      return expectingToFind(missing, 'request body')
    }
    const words = path.length === 0 || checkedAsBefore[release](path[0]) ? inEnvelope : asNova
    return new ApiError(400, words({ path, value, message }))
  },
  otherContentType: (type) => (type === '' ? 'parse' : expectingToFind('application/json', 'Content-Type header')),
  wrongMethod: (allowed) =>
    new ApiError(405, 'The method is not allowed for the requested URL.', {
      headers: { allow: allowOf(allowed) },
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
  isBodyFirst: true,
  requestIdHeaders: () => ['x-openstack-request-id'],
}
