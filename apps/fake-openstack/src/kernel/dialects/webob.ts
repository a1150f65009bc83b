import { ApiError } from '../api-error.ts'
import type { Reply } from '../dialect.ts'
import { statusText } from '../reply.ts'

/** The refusal of keystonemiddleware, in front of Nova, Cinder, Neutron and Octavia. */
export const keystoneUnauthorized = (identityUrl: string): Reply => ({
  status: 401,
  headers: { 'content-type': 'application/json', 'www-authenticate': `Keystone uri="${identityUrl}"` },
  body: {
    error: { code: 401, title: 'Unauthorized', message: 'The request you have made requires authentication.' },
  },
})

/**
 * A WebOb exception: JSON for clients whose `Accept` names it, a page of HTML for all others (curl's default among them).
 * https://github.com/Pylons/webob/blob/69a8a5c/src/webob/exc.py#L288-L330
 */
export const webobReply = (error: ApiError, accept: string): Reply => {
  const title = error.statusText ?? statusText(error.status)
  const words = bodyOf(error)
  if (accept.includes('json')) {
    return {
      status: error.status,
      headers: { 'content-type': 'application/json', ...error.headers },
      body: { message: words.explanation + words.rest, code: `${error.status} ${title}`, title },
    }
  }
  return {
    status: error.status,
    headers: { 'content-type': 'text/html; charset=UTF-8', ...error.headers },
    body: `<html>
 <head>
  <title>${error.status} ${title}</title>
 </head>
 <body>
  <h1>${error.status} ${title}</h1>
  ${escaped(words.explanation)}${escaped(words.rest).replaceAll('&lt;br /&gt;', '<br />')}

 </body>
</html>`,
  }
}

/** WebOb's templates: 405 and 415 have their own, all others put the detail under the explanation. */
const bodyOf = (error: ApiError): { explanation: string; rest: string } => {
  if (error.status === 405) return { explanation: error.message, rest: ' <br /><br />\n' }
  if (error.status === 415) {
    const detail = error.explanation === undefined ? '' : error.message
    return { explanation: error.explanation ?? error.message, rest: `\n<br /><br />\n${detail}` }
  }
  if (error.explanation === undefined) return { explanation: error.message, rest: '<br /><br />\n\n\n' }
  return { explanation: error.explanation, rest: `<br /><br />\n${error.message}\n\n` }
}

const escaped = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#x27;')

/** The router's 404, before any controller is reached. */
export const routingNotFound = (): ApiError =>
  new ApiError(404, 'The resource could not be found.', { isWebob: true, isOutsideApi: true })
