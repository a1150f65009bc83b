/** The body of an answer: a text, or what becomes JSON. */
export type Body = string | Readonly<Record<string, unknown>>

/** The page of a proxy. */
export const html = (status: number, text: string): string =>
  `<html>\n<head><title>${status} ${text}</title></head>\n<body><h1>${status} ${text}</h1></body>\n</html>\n`

/** A rate limit, as Nova, Cinder and proxies in front say it. */
export const overLimit = (code: number): Body => ({
  overLimit: {
    code,
    message: 'This request was rate-limited.',
    details: 'Only 10 requests per second.',
    retryAfter: '2',
  },
})

/** An error in the dialect of the service. */
export function plainError(service: string, status: number, message: string): Body {
  switch (service) {
    case 'network':
      return { NeutronError: { type: 'HTTPError', message, detail: '' } }
    case 'load-balancer':
      return { faultcode: status < 500 ? 'Client' : 'Server', faultstring: message, debuginfo: null }
    case 'image':
      return { message: `${message}<br /><br />\n\n\n`, code: `${status} Error`, title: 'Error' }
    case 'identity':
      return { error: { code: status, title: 'Error', message } }
    default:
      return { [envelopes[status] ?? 'computeFault']: { code: status, message } }
  }
}

const envelopes: Readonly<Record<number, string>> = {
  400: 'badRequest',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'itemNotFound',
  409: 'conflictingRequest',
}

export const forbidden = (service: string): Body =>
  service === 'network'
    ? { NeutronError: { type: 'PolicyNotAuthorized', message: 'disallowed by policy', detail: '' } }
    : plainError(service, 403, "Policy doesn't allow this to be performed.")

/** A used-up quota, in the dialect of the service. */
export function quotaError(service: string, status: number): Body {
  switch (service) {
    case 'network':
      return { NeutronError: { type: 'OverQuota', message: "Quota exceeded for resources: ['port'].", detail: '' } }
    case 'load-balancer':
      return plainError(service, status, 'Quota has been met for resources: Member')
    case 'image':
      return plainError(service, status, 'The size of the data would exceed the quota.')
    case 'block-storage':
      return {
        [status === 413 ? 'overLimit' : 'forbidden']: {
          code: status,
          message: "VolumeLimitExceeded: Maximum number of volumes allowed (10) exceeded for quota 'volumes'.",
          retryAfter: '0',
        },
      }
    default:
      return {
        [status === 413 ? 'overLimit' : 'forbidden']: {
          code: status,
          message: 'Quota exceeded for instances: Requested 1, but already used 10 of 10 instances',
        },
      }
  }
}
