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
 * A WebOb exception: HTML, JSON or plain text, as the client's `Accept` prefers; with an empty one plain text.
 * https://github.com/Pylons/webob/blob/69a8a5c/src/webob/exc.py#L288-L330
 */
export const webobReply = (error: ApiError, accept: string | null): Reply => {
  const title = error.statusText ?? statusText(error.status)
  const status = `${error.status} ${title}`
  const words = bodyOf(error)
  const form = formFor(accept)
  const headers = { 'content-type': form, ...error.headers }
  switch (form) {
    case 'application/json':
      return { status: error.status, headers, body: { message: words.explanation + words.rest, code: status, title } }
    case 'text/plain; charset=UTF-8': {
      const text = (words.explanation + words.rest).replaceAll('\n', ' ').replaceAll('<br />', '\n')
      return { status: error.status, headers, body: `${status}\n\n${text}` }
    }
    default:
      return {
        status: error.status,
        headers,
        body: `<html>
 <head>
  <title>${status}</title>
 </head>
 <body>
  <h1>${status}</h1>
  ${escaped(words.explanation)}${escaped(words.rest).replaceAll('&lt;br /&gt;', '<br />')}
 </body>
</html>`,
      }
  }
}

type Form = 'text/html; charset=UTF-8' | 'application/json' | 'text/plain; charset=UTF-8'

/** The form that an `Accept` header prefers; of equals HTML, and plain text when it allows neither HTML nor JSON. */
const formFor = (accept: string | null): Form => {
  const html = qualityOf('text/html', accept ?? '*/*')
  const json = qualityOf('application/json', accept ?? '*/*')
  if (html === 0 && json === 0) return 'text/plain; charset=UTF-8'
  return html >= json ? 'text/html; charset=UTF-8' : 'application/json'
}

/** The quality that the most specific range of an `Accept` header gives to a type; 0 for none. */
const qualityOf = (type: string, accept: string): number => {
  const [main = ''] = type.split('/')
  const ranges = accept.split(',').map((part) => {
    const [range = '', ...parameters] = part.split(';').map((word) => word.trim().toLowerCase())
    const quality = parameters.find((parameter) => parameter.startsWith('q='))
    // A range with a parameter of its own means another type.
    const isPlain = parameters.every((parameter) => parameter.startsWith('q='))
    return { range, isPlain, quality: quality === undefined ? 1 : Number(quality.slice(2)) }
  })
  for (const wanted of [type, `${main}/*`, '*/*']) {
    const found = ranges.find(({ range, isPlain }) => isPlain && range === wanted)
    if (found) return found.quality
  }
  return 0
}

/** WebOb's templates: 405, 406 and 415 have their own, all others put the detail under the explanation. */
const bodyOf = (error: ApiError): { explanation: string; rest: string } => {
  if (error.status === 405 || error.status === 406) return { explanation: error.message, rest: ' <br /><br />\n' }
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
