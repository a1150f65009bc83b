import { ApiError } from '../api-error.ts'
import type { Reply } from '../dialect.ts'

/** The refusal of keystonemiddleware, in front of Nova, Cinder, Neutron and Octavia. */
export const keystoneUnauthorized = (identityUrl: string): Reply => ({
  status: 401,
  headers: { 'content-type': 'application/json', 'www-authenticate': `Keystone uri="${identityUrl}"` },
  body: {
    error: { code: 401, title: 'Unauthorized', message: 'The request you have made requires authentication.' },
  },
})

/** WebOb's JSON form: `{"message": "…<br /><br />\n\n\n", "code": "404 Not Found", "title": "Not Found"}`. */
export const webobBody = (status: number, title: string, message: string, explanation?: string) => ({
  message: explanation === undefined ? `${message}<br /><br />\n\n\n` : `${explanation}<br /><br />\n${message}\n\n`,
  code: `${status} ${title}`,
  title,
})

/** The router's 404, before any controller is reached. */
export const routingNotFound = (): ApiError =>
  new ApiError(404, 'The resource could not be found.', {
    body: webobBody(404, 'Not Found', 'The resource could not be found.'),
    headers: { 'content-type': 'application/json' },
    isOutsideApi: true,
  })
