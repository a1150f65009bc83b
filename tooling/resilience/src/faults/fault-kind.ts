import { readFileSync } from 'node:fs'
import type { FaultRule } from 'fake-openstack'
import { parse } from 'yaml'
import * as z from 'zod'
import type { ApiRequest, Transition } from './api-request.ts'
import { byRule, type Fault } from './fault-in-force.ts'

/**
 * The meaning of a fault. `passing`: the next try goes well. `lasting`: every try of this request fails
 * the same way. `refusal`: the service refuses. `garbled`: a response that is not of the API.
 */
const nature = z.enum(['passing', 'lasting', 'refusal', 'garbled'])
export type Nature = z.output<typeof nature>

const words = z.record(z.string(), z.string())
const names = z.array(z.string())

const response = z.strictObject({
  status: z.number().optional(),
  body: z.string(),
  message: z.string().default(''),
  headers: words.default({}),
})
type FaultResponse = z.output<typeof response>

const request = z.strictObject({
  name: z.string(),
  nature,
  hits: z
    .enum(['changes', 'creations', 'creations in the network service', 'other than logins', 'about no object'])
    .or(z.literal('answered with a body'))
    .optional(),
  when: z.literal('after').optional(),
  respond: response.optional(),
  do: z.custom<FaultRule['do']>().optional(), // the fake checks it
})
type RequestFault = z.output<typeof request>

const file = z.strictObject({
  requests: z.array(request),
  bodies: z.record(z.string(), z.record(z.string(), z.json())),
  envelopes: words,
  objects: z.array(z.tuple([z.string(), z.string().transform((pattern) => new RegExp(pattern))])),
  errorStates: words,
  second: z.strictObject({ refusal: z.string(), removal: names, noResponse: z.string(), lookUp: names }),
  survivable: names,
  missing: z.record(z.string(), words),
  bestEffort: z.record(z.string(), names),
})

/** `faults.yaml`, which says what each part means. */
export const faultFile = file.parse(parse(readFileSync(new URL('../../faults.yaml', import.meta.url), 'utf8')))

/** A way in which one request fails. */
export interface FaultKind {
  readonly name: string
  readonly nature: Nature
  readonly applies: (request: ApiRequest) => boolean
  readonly at: (request: ApiRequest) => Fault
}

/** Requests that a fault may be for, by the words of `faults.yaml`. */
const hits: Readonly<Record<NonNullable<RequestFault['hits']>, FaultKind['applies']>> = {
  changes: ({ method }) => method !== 'GET',
  creations: isCreation,
  'creations in the network service': (request) => request.service === 'network' && isCreation(request),
  // A 401 at the login means wrong credentials: another fault.
  'other than logins': ({ service }) => service !== 'identity',
  'answered with a body': ({ hasBody }) => hasBody,
  // Where the path names an object, the fault "vanished" makes it vanish instead.
  'about no object': (request) => vanishingPath(request) === undefined,
}

function isCreation({ method, service }: ApiRequest): boolean {
  return method === 'POST' && service !== 'identity'
}

/** Every kind of fault that hits a request, in the order of the table. */
export const requestFaults: readonly FaultKind[] = faultFile.requests.map(({ name, nature, when, ...entry }) => ({
  name,
  nature,
  applies: entry.hits === undefined ? () => true : hits[entry.hits],
  at: (request) =>
    byRule((nowMs) => ({
      match: { service: request.service, operation: request.operation },
      skip: request.nth,
      times: nature === 'lasting' ? null : 1,
      ...(when === undefined ? {} : { when }),
      do: entry.respond === undefined ? Object(entry.do) : { respond: responseTo(request, entry.respond, nowMs) },
    })),
}))

function responseTo(
  request: ApiRequest,
  { status = request.status, headers, body, message }: FaultResponse,
  nowMs: number,
) {
  const inTwoSeconds = new Date(nowMs + 2_000).toUTCString()
  const dated = Object.entries(headers).map(([name, value]) => [name, value.replace('<in 2 s>', inTwoSeconds)])
  return { status, headers: Object.fromEntries(dated), body: bodyOf(request.service, status, body, message) }
}

/** The body of an error response in the dialect of the service. @param kind name of one of the bodies of `faults.yaml` */
export function bodyOf(service: string, status: number, kind: string, message: string): unknown {
  const dialects = faultFile.bodies[kind]
  const words: Readonly<Record<string, string>> = {
    status: String(status),
    message,
    fault: status < 500 ? 'Client' : 'Server',
    envelope: faultFile.envelopes[status] ?? 'computeFault',
    quota: status === 413 ? 'overLimit' : 'forbidden',
  }
  const template = JSON.stringify(dialects?.[service] ?? dialects?.['any'])
  const text = template.replaceAll('"<status>"', String(status))
  return JSON.parse(text.replaceAll(/<(\w+)>/g, (whole, word: string) => words[word] ?? whole))
}

/** Path of the object that a request is about; DELETE on it makes it vanish. Not for lists and creations. */
export function vanishingPath({ service, path }: ApiRequest): string | undefined {
  const own = faultFile.objects.filter(([of]) => of === service)
  return own.map(([, pattern]) => pattern.exec(path)?.[0]).find((found) => found !== undefined)
}

/** Faults of a lifecycle instead of a request. */
export const transitionFaults = ['goes to ERROR', 'never changes'] as const

/** Which error state is meant is the lifecycle's own. */
export function transitionFault({ name, nth }: Transition, kind: (typeof transitionFaults)[number]): Fault {
  const usual = /^(servers|loadbalancers)\./.test(name) ? 'ERROR' : 'error'
  const state = { to: faultFile.errorStates[name] ?? usual, message: 'No valid host was found.' }
  const effect: FaultRule['do'] = kind === 'never changes' ? { hold: true } : { state }
  return byRule(() => ({ match: { transition: name }, skip: nth, do: effect }))
}
