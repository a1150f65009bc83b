import type { FakeOpenStack } from 'fake-openstack'
import { type ApiRequest, nameOf, type Transition } from './api-request.ts'
import { filtersIgnored, laggingReplica, portDescriptionsRefused, type Through } from './environments.ts'
import type { Nature } from './fault-file.ts'
import { type FaultKind, requestFaults, type TransitionFault, transitionFaults, vanishingPath } from './fault-kind.ts'
import type { PreparedScenario } from './prepared-scenario.ts'

/** One fault at one place of one scenario, or an environment of the whole call. */
export interface Cell {
  /** `<scenario> / <place> / <kind>`: names it among all. */
  readonly name: string
  readonly kind: string
  /** `environment`: many requests meet a cloud that differs, and the call has to end as usual. */
  readonly nature: Nature | 'state' | 'vanished' | 'environment'
  readonly place: ApiRequest | Transition
  /** What hits a request that comes after the first fault. */
  readonly second?: { readonly place: ApiRequest; readonly rule: FaultKind }
  readonly rule?: FaultKind
  /** Path of an object that another user deletes before the request reaches the cloud. */
  readonly vanishingPath?: string
  readonly transition?: TransitionFault
  readonly through?: Through
  /** Changes the cloud before the call, and back when it is over. */
  readonly meanwhile?: (cloud: FakeOpenStack, isOver: boolean) => void
}

/** How a cell ended. All but the first three are defects. `reported`: the error names what no tenant can remove now. */
export type FaultOutcome =
  | 'success'
  | 'clean error'
  | 'reported'
  | 'leak'
  | 'duplicate'
  | 'loss'
  | 'wrong error'
  | 'wrong result'
  | 'not repeatable'
  | 'malformed'
  | 'hang'
  | 'not reached'

/** Whether a cell may end so. */
export const isFine = (outcome: FaultOutcome): boolean => ['success', 'clean error', 'reported'].includes(outcome)

export interface CellResult {
  readonly cell: Cell
  readonly outcome: FaultOutcome
  /** What a developer needs to know of a defect. */
  readonly details: readonly string[]
}

const cellAt = ({ scenario }: PreparedScenario, place: Cell['place'], given: Omit<Cell, 'name' | 'place'>): Cell => ({
  name: `${scenario.name} / ${nameOf(place)} / ${given.kind}`,
  place,
  ...given,
})

/** Each fault at each request and each transition of a scenario. */
export function cellsOf(prepared: PreparedScenario): readonly Cell[] {
  const ofRequest = (request: ApiRequest): readonly Cell[] => {
    const rules = requestFaults.filter(({ applies }) => applies(request))
    const cells = rules.map((rule) => cellAt(prepared, request, { kind: rule.name, nature: rule.nature, rule }))
    cells.push(cellAt(prepared, request, { kind: proxyKind, nature: 'garbled' }))
    const path = vanishingPath(request)
    if (path !== undefined && canVanish(path))
      cells.push(cellAt(prepared, request, { kind: 'vanished', nature: 'vanished', vanishingPath: path }))
    return cells
  }
  const ofTransition = (place: Transition): readonly Cell[] =>
    transitionFaults.map((kind) => cellAt(prepared, place, { kind, nature: 'state', transition: kind }))
  const balancer = prepared.requests.some(({ service }) => service === 'load-balancer')
  return [
    ...prepared.requests.flatMap(ofRequest),
    ...prepared.transitions.flatMap(ofTransition),
    ...(balancer ? [cellAt(prepared, { name: 'loadbalancers', nth: 0 }, brokenBalancer)] : []),
  ]
}

/** An amphora failed; after the call an operator has repaired it (driver spec §6.6). */
const brokenBalancer: Omit<Cell, 'name' | 'place'> = {
  kind: 'load balancer in ERROR',
  nature: 'state',
  meanwhile: (cloud, isOver) => {
    const { content, ...rest } = cloud.snapshot()
    const provisioning_status = isOver ? 'ACTIVE' : 'ERROR'
    const loadbalancers = (content['loadbalancers'] ?? []).map((record) => ({ ...record, provisioning_status }))
    cloud.restore({ ...rest, content: { ...content, loadbalancers } })
  },
}

/** A proxy responds with 404 in place of the service: no fault of the fake, whose responses are the service's own. */
export const proxyKind = '404 of a proxy'

/** A tenant cannot delete what belongs to the cloud or to another project. */
const canVanish = (path: string): boolean => !/\/(routers|security-groups)\//.test(path)

/** All requests of a call, as the place of an environment. */
const wholeCall: Cell['place'] = { name: 'all requests', nth: 0 }

/**
 * All or one of the filters of a scenario are ignored, fields are refused, replicas lag. And what is adopted or deleted
 * after a creation without response must be ours, whatever the list returned.
 */
export function environmentCellsOf(prepared: PreparedScenario, onlyFilters: boolean): readonly Cell[] {
  const usual = (kind: string, through: Through, place = wholeCall) =>
    cellAt(prepared, place, { kind, nature: 'environment', through })
  const others = [usual('lagging replica', laggingReplica), usual('port descriptions refused', portDescriptionsRefused)]
  const lists = prepared.requests.filter(({ isFiltered }) => isFiltered)
  const kind = 'reset after effect, filters ignored'
  return [
    usual('all filters ignored', filtersIgnored()),
    ...(onlyFilters ? [] : others),
    ...lists.map((place, nth) => usual('one filter ignored', filtersIgnored(nth), place)),
    ...cellsOf(prepared)
      .filter((cell) => cell.kind === 'reset after effect')
      .map((cell) => ({ ...cell, name: `${cell.name}, filters ignored`, kind, through: filtersIgnored() })),
  ]
}
