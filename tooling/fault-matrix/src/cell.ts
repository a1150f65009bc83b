import type { HttpRequest } from '@openstack-cpi/openstack-driver'
import type { FakeOpenStack } from 'fake-openstack'
import { type ApiRequest, nameOf, type Transition } from './api-request.ts'
import { type CloudPicture, counts, differences } from './cloud-picture.ts'
import { type CallEnd, type CallOptions, callCpi } from './cpi-call.ts'
import { expectedErrors, isExpected, type MetFault } from './expected-errors.ts'
import {
  type FaultKind,
  requestFaults,
  type TransitionFault,
  transitionFaults,
  transitionRule,
  vanishingPath,
} from './fault-kind.ts'
import type { Theatre } from './theatre.ts'

/** One fault at one place of one scenario. */
export interface Cell extends MetFault {
  /** `<scenario> / <place> / <kind>`: names it among all. */
  readonly name: string
  readonly hit: { readonly rule: FaultKind } | { readonly vanishing: string } | { readonly transition: TransitionFault }
}

/** How a cell ended. All but the first two are defects. */
export type Verdict =
  | 'success'
  | 'clean error'
  | 'leak'
  | 'twin'
  | 'loss'
  | 'wrong class'
  | 'wrong result'
  | 'not repeatable'
  | 'malformed'
  | 'hang'
  | 'not met'

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
  const end = await callCpi(cloud, request, { ...options, ...(vanishing ? { onTheWay: vanishing.onTheWay } : {}) })
  const wasMet = vanishing ? vanishing.wasMet() : cloud.faults.list().at(-1)?.hits !== 0
  const requests = cloud.journal.toString()
  const seen = theatre.settled()
  const ended = (verdict: Verdict, ...details: string[]): CellEnd => ({
    cell,
    verdict,
    details: verdict === 'success' || verdict === 'clean error' ? [] : [...details, ...end.log, requests],
  })
  if (end.is === 'malformed') return ended('malformed', end.document)
  if (end.is === 'stuck') return ended('hang', end.why)
  if (!wasMet) return ended('not met')
  const { error, result } = end.answer
  if (error === null) {
    const wrong = judgeSuccess(theatre, cell, seen)
    if (wrong !== undefined) return ended(wrong.verdict, ...wrong.lines)
    if (cell.nature !== 'vanished' && theatre.written(result) !== theatre.result) {
      return ended('wrong result', `wanted ${theatre.result}`, `got    ${theatre.written(result)}`)
    }
    return ended('success')
  }
  const allowed = expectedErrors(request.method, cell)
  if (!isExpected(error, allowed)) {
    return ended('wrong class', `wanted ${JSON.stringify(allowed)}`, `got    ${JSON.stringify(error)}`)
  }
  const wrong = judgeError(theatre, cell, seen)
  if (wrong !== undefined) return ended(wrong.verdict, error.message, ...wrong.lines)
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
  const { hit, place, nature } = cell
  if ('transition' in hit) {
    if ('name' in place) cloud.faults.add(transitionRule(place, hit.transition))
    return undefined
  }
  if (!('service' in place)) return undefined
  if ('rule' in hit) {
    const { service, operation, nth } = place
    cloud.faults.add({
      match: { service, operation },
      skip: nth,
      times: nature === 'lasting' ? null : 1,
      ...hit.rule.effect(place, cloud.clock.now()),
    })
    return undefined
  }
  return vanishingOf(theatre, place, hit.vanishing)
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

interface Wrong {
  readonly verdict: Verdict
  readonly lines: readonly string[]
}

/** After a success the cloud must be as after the clean run. */
function judgeSuccess(theatre: Theatre, cell: Cell, seen: CloudPicture): Wrong | undefined {
  const lines = differences(theatre.after, seen)
  if (lines.length === 0) return undefined
  const wanted = counts(theatre.after)
  const more = [...counts(seen)].some(([kind, count]) => count > (wanted.get(kind) ?? 0))
  if (more) return { verdict: 'twin', lines }
  // What vanished is not there, and what hung on it neither.
  if (cell.nature === 'vanished') return undefined
  return { verdict: 'loss', lines }
}

/** After an error nothing new may be there, and nothing may be missing that the method was not told to delete. */
function judgeError({ before, scenario }: Theatre, cell: Cell, seen: CloudPicture): Wrong | undefined {
  const lines = differences(before, seen)
  if (lines.length === 0) return undefined
  const had = counts(before)
  const has = counts(seen)
  if ([...has].some(([kind, count]) => count > (had.get(kind) ?? 0))) return { verdict: 'leak', lines }
  if (cell.nature === 'vanished' || scenario.purpose === 'delete') return undefined
  const isComplete = [...had].every(([kind, count]) => has.get(kind) === count)
  // A change that did not get to its end is judged by its repetition.
  if (scenario.purpose === 'change' && isComplete) return undefined
  return { verdict: isComplete ? 'leak' : 'loss', lines }
}

/** The cloud is well again: the same call must now lead where the first would have led. */
async function repeat(
  theatre: Theatre,
  cell: Cell,
  seen: CloudPicture,
  options: CallOptions,
): Promise<readonly string[] | undefined> {
  const { cloud, request, scenario, after } = theatre
  if (cell.nature === 'vanished' && scenario.purpose === 'change') return undefined
  cloud.faults.remove()
  cloud.lifecycle.release()
  cloud.clock.advance('10m')
  const again: CallEnd = await callCpi(cloud, request, options)
  if (again.is !== 'answered') return [JSON.stringify(again)]
  if (again.answer.error !== null) {
    // A disk that Cinder broke stays broken until an operator resets it: the second call may only say so.
    if (cell.nature === 'state' && scenario.purpose === 'change') return undefined
    return [`repeated: ${JSON.stringify(again.answer.error)}`, ...differences(theatre.before, seen), ...again.log]
  }
  const lines = differences(after, theatre.settled())
  return lines.length === 0 ? undefined : ['after the repetition', ...lines, ...again.log]
}
