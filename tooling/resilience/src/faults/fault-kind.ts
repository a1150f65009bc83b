import type { FaultRule } from 'fake-openstack'
import type { ApiRequest, Transition } from './api-request.ts'
import { type Body, forbidden, html, overLimit, plainError, quotaError } from './error-bodies.ts'

/**
 * The meaning of a fault. `passing`: the next try goes well. `lasting`: every try of this request fails
 * the same way. `refusal`: the service refuses. `garbled`: a response that is not of the API.
 */
export type Nature = 'passing' | 'lasting' | 'refusal' | 'garbled'

/** A way in which one request fails. */
export interface FaultKind {
  readonly name: string
  readonly nature: Nature
  readonly applies: (request: ApiRequest) => boolean
  readonly effect: (request: ApiRequest, nowMs: number) => Pick<FaultRule, 'do' | 'when'>
}

type Respond = (request: ApiRequest, nowMs: number) => { status: number; headers?: Record<string, string>; body?: Body }

const always = (): boolean => true
const changes = ({ method }: ApiRequest): boolean => method !== 'GET'
const makes = ({ method, service }: ApiRequest): boolean => method === 'POST' && service !== 'identity'
const hasBody = (request: ApiRequest): boolean => request.hasBody

const answered = (
  name: string,
  nature: Nature,
  respond: Respond,
  applies: FaultKind['applies'] = always,
  when: 'before' | 'after' = 'before',
): FaultKind => ({
  name,
  nature,
  applies,
  effect: (request, nowMs) => ({ when, do: { respond: respond(request, nowMs) } }),
})

const done = (
  name: string,
  nature: Nature,
  effect: Pick<FaultRule, 'do' | 'when'>,
  applies: FaultKind['applies'] = always,
): FaultKind => ({ name, nature, applies, effect: () => effect })

const page =
  (status: number, text: string): Respond =>
  () => ({ status, body: html(status, text) })
const error =
  (status: number, text: string): Respond =>
  ({ service }) => ({
    status,
    body: plainError(service, status, text),
  })

const inTwoSeconds = (nowMs: number): string => new Date(nowMs + 2_000).toUTCString()

/** Every kind of fault that hits a request, in the order of the table. */
export const requestFaults: readonly FaultKind[] = [
  answered('500', 'passing', error(500, 'Unexpected API Error.')),
  answered('500 after effect', 'passing', error(500, 'Unexpected API Error.'), changes, 'after'),
  answered('502', 'passing', page(502, 'Bad Gateway')),
  answered('502 after effect', 'passing', page(502, 'Bad Gateway'), changes, 'after'),
  answered('503', 'passing', page(503, 'Service Unavailable')),
  answered('503 of the service', 'passing', error(503, 'The service is not ready.')),
  answered('503 after effect', 'passing', page(503, 'Service Unavailable'), changes, 'after'),
  answered('503 Retry-After', 'passing', () => ({ status: 503, headers: { 'retry-after': '2' }, body: '' })),
  answered('504 after effect', 'passing', page(504, 'Gateway Time-out'), always, 'after'),
  answered('429 seconds', 'passing', () => ({ status: 429, headers: { 'retry-after': '2' }, body: overLimit(429) })),
  answered('429 date', 'passing', (_, nowMs) => ({
    status: 429,
    headers: { 'retry-after': inTwoSeconds(nowMs) },
    body: overLimit(429),
  })),
  answered('413 over limit', 'passing', () => ({
    status: 413,
    headers: { 'retry-after': '2' },
    body: overLimit(413),
  })),
  answered('401', 'passing', error(401, 'The request you have made requires authentication.'), isNoLogin),
  done('time-out', 'passing', { do: { hang: true } }),
  done('time-out after effect', 'passing', { when: 'after', do: { hang: true } }, changes),
  done('refused connection', 'passing', { do: { refuse: true } }),
  done('reset', 'passing', { do: { reset: true } }),
  done('reset after effect', 'passing', { when: 'after', do: { reset: true } }, changes),
  done('cut body', 'passing', { do: { truncate: 20 } }, hasBody),
  done('slow body', 'passing', { do: { trickle: { bytes: 1_000, every: '5s' } } }, hasBody),
  answered('HTML body', 'garbled', ({ status }) => ({ status, body: html(200, 'Welcome') }), hasBody, 'after'),
  answered('empty body', 'garbled', ({ status }) => ({ status, body: '' }), hasBody, 'after'),
  answered(
    '413 quota',
    'refusal',
    ({ service }) => ({
      status: 413,
      headers: { 'retry-after': '0' },
      body: quotaError(service, 413),
    }),
    makes,
  ),
  answered('403 quota', 'refusal', ({ service }) => ({ status: 403, body: quotaError(service, 403) }), makes),
  answered('409 quota', 'refusal', ({ service }) => ({ status: 409, body: quotaError(service, 409) }), isNetworkMaking),
  answered('403', 'refusal', ({ service }) => ({ status: 403, body: forbidden(service) })),
  answered('400', 'refusal', error(400, 'Malformed request.')),
  answered('404', 'refusal', error(404, 'The resource could not be found.'), namesNothing),
  answered('409', 'refusal', error(409, 'There was a conflict when trying to complete your request.')),
  answered('500 for good', 'lasting', error(500, 'Unexpected API Error.')),
  answered('503 for good', 'lasting', page(503, 'Service Unavailable')),
  answered('429 for good', 'lasting', () => ({ status: 429, headers: { 'retry-after': '30' }, body: overLimit(429) })),
  done('refused for good', 'lasting', { do: { refuse: true } }),
  done('time-out for good', 'lasting', { do: { hang: true } }),
]

/** A 401 at the login means wrong credentials: another fault. */
function isNoLogin({ service }: ApiRequest): boolean {
  return service !== 'identity'
}

function isNetworkMaking(request: ApiRequest): boolean {
  return request.service === 'network' && makes(request)
}

/** Where the path names an object, the fault "vanished" makes it vanish instead. */
function namesNothing(request: ApiRequest): boolean {
  return vanishingPath(request) === undefined
}

const namedObject: readonly (readonly [service: string, path: RegExp])[] = [
  ['compute', /^\/compute\/v2\.1\/servers\/[0-9a-f-]{36}\/os-volume_attachments\/[0-9a-f-]{36}$/],
  ['compute', /^\/compute\/v2\.1\/(servers|os-server-groups)\/[0-9a-f-]{36}(?=\/|$)/],
  ['image', /^\/image\/v2\/images\/[0-9a-f-]{36}(?=\/|$)/],
  ['network', /^\/network\/v2\.0\/(ports|networks|subnets|floatingips|routers|security-groups)\/[0-9a-f-]{36}(?=\/|$)/],
  ['block-storage', /^\/volume\/v3\/[0-9a-f]{32}\/(volumes|snapshots)\/[0-9a-f-]{36}(?=\/|$)/],
  ['load-balancer', /^\/load-balancer\/v2(\.0)?\/lbaas\/pools\/[0-9a-f-]{36}\/members\/[0-9a-f-]{36}$/],
  ['load-balancer', /^\/load-balancer\/v2(\.0)?\/lbaas\/pools\/[0-9a-f-]{36}(?=\/|$)/],
]

/** Path of the object that a request is about; DELETE on it makes it vanish. Not for lists and creations. */
export function vanishingPath({ service, path }: ApiRequest): string | undefined {
  for (const [of, pattern] of namedObject) {
    const found = of === service ? pattern.exec(path)?.[0] : undefined
    if (found !== undefined) return found
  }
  return undefined
}

/** Faults of a lifecycle instead of a request. */
export const transitionFaults = ['goes to ERROR', 'never changes'] as const
export type TransitionFault = (typeof transitionFaults)[number]

/** The rule for a transition. Which error state is meant is the lifecycle's own. */
export function transitionRule({ name, nth }: Transition, fault: TransitionFault): FaultRule {
  const match = { transition: name }
  if (fault === 'never changes') return { match, skip: nth, do: { hold: true } }
  const to = name.startsWith('servers.') || name.startsWith('loadbalancers.') ? 'ERROR' : (errorStates[name] ?? 'error')
  return { match, skip: nth, do: { state: { to, message: 'No valid host was found.' } } }
}

const errorStates: Readonly<Record<string, string>> = {
  // The hypervisor refuses to attach.
  'volumes.attach.attaching': 'available',
  'volumes.attach.in-use': 'available',
  'volumes.delete.gone': 'error_deleting',
  'volumes.extend.extended': 'error_extending',
  'volumes.detach.available': 'error_detaching',
  'snapshots.delete.gone': 'error_deleting',
}
