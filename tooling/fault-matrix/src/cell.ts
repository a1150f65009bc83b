import type { HttpRequest } from '@openstack-cpi/openstack-driver'
import type { FakeOpenStack } from 'fake-openstack'
import { type ApiRequest, nameOf, type Transition } from './api-request.ts'
import { type CallOptions, callCpi } from './cpi-call.ts'
import { expectedErrors, isExpected, type MetFault } from './expected-errors.ts'
import {
  type FaultKind,
  requestFaults,
  type TransitionFault,
  transitionFaults,
  transitionRule,
  vanishingPath,
} from './fault-kind.ts'
import { judgeError, judgeSuccess, keptByCloud, repeat } from './judgement.ts'
import type { Theatre } from './theatre.ts'

/** One fault at one place of one scenario. */
export interface Cell extends MetFault {
  /** `<scenario> / <place> / <kind>`: names it among all. */
  readonly name: string
  /** What hits a request that comes after the first fault. */
  readonly second?: { readonly place: ApiRequest; readonly rule: FaultKind }
  readonly hit: { readonly rule: FaultKind } | { readonly vanishing: string } | { readonly transition: TransitionFault }
}

/** How a cell ended. All but the first three are defects. `told`: what the cloud does not let go of is named. */
export type Verdict =
  | 'success'
  | 'clean error'
  | 'told'
  | 'leak'
  | 'twin'
  | 'loss'
  | 'wrong class'
  | 'wrong result'
  | 'not repeatable'
  | 'malformed'
  | 'hang'
  | 'not met'

/** Is that how a cell may end? */
export const isFine = (verdict: Verdict): boolean => ['success', 'clean error', 'told'].includes(verdict)

export interface CellEnd {
  readonly cell: Cell
  readonly verdict: Verdict
  /** What a developer needs to know of a defect. */
  readonly details: readonly string[]
}

/** All cells of a scenario. */
export function cellsOf({ scenario, requests, transitions, cloud }: Theatre): readonly Cell[] {
  const cell = (place: ApiRequest | Transition, given: Omit<Cell, 'name' | 'place'>): Cell => ({
    name: `${scenario.name} / ${nameOf(place)} / ${given.kind}`,
    place,
    ...given,
  })
  return [
    ...requests.flatMap((request) => {
      const path = vanishingPath(request)
      return [
        ...requestFaults
          .filter(({ applies }) => applies(request))
          .map((rule) => cell(request, { kind: rule.name, nature: rule.nature, hit: { rule } })),
        ...(path === undefined || !canVanish(cloud, path)
          ? []
          : [cell(request, { kind: 'vanished', nature: 'vanished', hit: { vanishing: path } })]),
      ]
    }),
    ...transitions.flatMap((transition) =>
      transitionFaults.map((kind) => cell(transition, { kind, nature: 'state', hit: { transition: kind } })),
    ),
  ]
}

/** What another project's or the cloud's own objects are cannot vanish by the hand of a tenant. */
const canVanish = (_cloud: FakeOpenStack, path: string): boolean => !/\/(routers|security-groups)\//.test(path)

/** Plays one cell and judges how it ended. */
export async function playCell(theatre: Theatre, cell: Cell, options: CallOptions = {}): Promise<CellEnd> {
  const { cloud, request, scenario } = theatre
  theatre.rewind()
  const vanishing = install(theatre, cell)
  if (cell.second !== undefined) addRule(theatre, cell.second.place, cell.second.rule)
  const end = await callCpi(cloud, request, { ...options, ...(vanishing ? { onTheWay: vanishing.onTheWay } : {}) })
  const own = cloud.faults.list().slice(cell.second === undefined ? -1 : -2)
  const wasMet = vanishing ? vanishing.wasMet() : own.every(({ hits }) => hits !== 0)
  const requests = cloud.journal.toString()
  const seen = theatre.settled()
  const ended = (verdict: Verdict, ...details: string[]): CellEnd => ({
    cell,
    verdict,
    details: isFine(verdict) ? [] : [...details, ...end.log, requests],
  })
  if (end.is === 'malformed') return ended('malformed', end.document)
  if (end.is === 'stuck') return ended('hang', end.why)
  if (!wasMet) return ended('not met')
  const { error, result } = end.answer
  if (error === null) {
    const wrong = judgeSuccess(theatre, cell, seen)
    if (wrong !== undefined) return keptByCloud(theatre, cell, end.log.join()) ? ended('told') : ended(...wrong)
    if (cell.nature !== 'vanished' && theatre.written(result) !== theatre.result) {
      return ended('wrong result', `wanted ${theatre.result}`, `got    ${theatre.written(result)}`)
    }
    return ended('success')
  }
  const allowed = expectedErrors(request, cell)
  if (!isExpected(error, allowed)) {
    return ended('wrong class', `wanted ${JSON.stringify(allowed)}`, `got    ${JSON.stringify(error)}`)
  }
  const wrong = judgeError(theatre, cell, seen)
  if (wrong !== undefined) {
    return keptByCloud(theatre, cell, error.message) ? ended('told') : ended(wrong[0], error.message, ...wrong.slice(1))
  }
  if (scenario.purpose !== 'change' && scenario.purpose !== 'delete') return ended('clean error')
  const problem = await repeat(theatre, cell, seen, options)
  return problem === undefined ? ended('clean error') : ended('not repeatable', error.message, ...problem)
}

interface Vanishing {
  readonly onTheWay: (request: HttpRequest) => Promise<void>
  readonly wasMet: () => boolean
}

function install(theatre: Theatre, cell: Cell): Vanishing | undefined {
  const { cloud } = theatre
  const { hit, place } = cell
  if ('transition' in hit) {
    if ('name' in place) cloud.faults.add(transitionRule(place, hit.transition))
    return undefined
  }
  if (!('service' in place)) return undefined
  if ('rule' in hit) {
    addRule(theatre, place, hit.rule)
    return undefined
  }
  return vanishingOf(theatre, place, hit.vanishing)
}

function addRule({ cloud }: Theatre, place: ApiRequest, rule: FaultKind): void {
  const { service, operation, nth } = place
  cloud.faults.add({
    match: { service, operation },
    skip: nth,
    times: rule.nature === 'lasting' ? null : 1,
    ...rule.effect(place, cloud.clock.now()),
  })
}

/** Before the request reaches the cloud, somebody else deletes the object that it is about. */
function vanishingOf({ cloud, requests, token }: Theatre, place: ApiRequest, path: string): Vanishing {
  const same = (request: { readonly method: string; readonly path: string }): boolean =>
    request.method === place.method && request.path === place.path
  let toPass = requests.slice(0, requests.indexOf(place)).filter(same).length
  let wasMet = false
  return {
    wasMet: () => wasMet,
    onTheWay: async ({ method, url }) => {
      if (wasMet || !same({ method, path: url.pathname })) return
      if (toPass > 0) {
        toPass -= 1
        return
      }
      wasMet = true
      await cloud.fetch(`${url.origin}${path}`, { method: 'DELETE', headers: { 'x-auth-token': token } })
      cloud.clock.advance('10s')
    },
  }
}
