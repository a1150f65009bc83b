import { readFileSync } from 'node:fs'
import type { FaultRule } from 'fake-openstack'
import { parse } from 'yaml'
import type { ApiRequest, Transition } from './api-request.ts'

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

/** Requests that a fault may be for, by the words of `faults.yaml`. */
const hits = {
  changes: ({ method }) => method !== 'GET',
  creations: isCreation,
  'creations in the network service': (request) => request.service === 'network' && isCreation(request),
  // A 401 at the login means wrong credentials: another fault.
  'other than logins': ({ service }) => service !== 'identity',
  'answered with a body': ({ hasBody }) => hasBody,
  // Where the path names an object, the fault "vanished" makes it vanish instead.
  'about no object': (request) => vanishingPath(request) === undefined,
} satisfies Readonly<Record<string, FaultKind['applies']>>

function isCreation({ method, service }: ApiRequest): boolean {
  return method === 'POST' && service !== 'identity'
}

interface Response {
  readonly status?: number
  readonly body: string
  readonly message?: string
  readonly headers?: Readonly<Record<string, string>>
}

interface Entry extends Pick<FaultKind, 'name' | 'nature'>, Pick<FaultRule, 'when'> {
  readonly hits?: keyof typeof hits
  readonly respond?: Response
  readonly do?: FaultRule['do']
}

interface File {
  readonly requests: readonly Entry[]
  readonly bodies: Readonly<Record<string, Readonly<Record<string, unknown>>>>
}

const file: File = parse(readFileSync(new URL('../../faults.yaml', import.meta.url), 'utf8'))

/** Every kind of fault that hits a request, in the order of the table. */
export const requestFaults: readonly FaultKind[] = file.requests.map(({ name, nature, when, ...entry }) => ({
  name,
  nature,
  applies: entry.hits === undefined ? () => true : hits[entry.hits],
  effect: (request, nowMs) => ({
    ...(when === undefined ? {} : { when }),
    do: entry.respond === undefined ? Object(entry.do) : { respond: responseTo(request, entry.respond, nowMs) },
  }),
}))

function responseTo(
  request: ApiRequest,
  { status = request.status, headers = {}, ...response }: Response,
  nowMs: number,
) {
  const inTwoSeconds = new Date(nowMs + 2_000).toUTCString()
  const dated = Object.entries(headers).map(([name, value]) => [name, value.replace('<in 2 s>', inTwoSeconds)])
  return { status, headers: Object.fromEntries(dated), body: bodyOf(request.service, status, response) }
}

/** What Nova calls an error. */
const envelopes: Readonly<Record<number, string>> = {
  400: 'badRequest',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'itemNotFound',
  409: 'conflictingRequest',
}

/** A body in the dialect of the service. */
function bodyOf(service: string, status: number, { body, message = '' }: Pick<Response, 'body' | 'message'>) {
  const dialects = file.bodies[body]
  const words: Readonly<Record<string, string>> = {
    status: String(status),
    message,
    fault: status < 500 ? 'Client' : 'Server',
    envelope: envelopes[status] ?? 'computeFault',
    quota: status === 413 ? 'overLimit' : 'forbidden',
  }
  const template = JSON.stringify(dialects?.[service] ?? dialects?.['any'])
  const text = template.replaceAll('"<status>"', String(status))
  return JSON.parse(text.replaceAll(/<(\w+)>/g, (whole, word: string) => words[word] ?? whole))
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
