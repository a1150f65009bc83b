import { type ApiRequest, nameOf, type Transition } from './api-request.ts'
import { filtersIgnored, laggingReplica, portDescriptionsRefused } from './environments.ts'
import { brokenBalancer, type Fault, proxyNotFound, vanishing } from './fault-in-force.ts'
import {
  type FaultKind,
  type Nature,
  requestFaults,
  transitionFault,
  transitionFaults,
  vanishingPath,
} from './fault-kind.ts'
import type { PreparedScenario } from './prepared-scenario.ts'
import type { Through } from './simulated-network.ts'

/** One fault at one place of one scenario, or an environment of the whole call. */
export interface Cell {
  /** `<scenario> / <place> / <kind>`: names it among all. */
  readonly name: string
  readonly kind: string
  /** `environment`: many requests meet a cloud that differs, and the call has to end as usual. */
  readonly nature: Nature | 'state' | 'vanished' | 'environment'
  readonly place: ApiRequest | Transition
  readonly fault: Fault
  /** What hits a request that comes after the first fault. */
  readonly second?: FaultKind
}

/** Makes the cells of a scenario. */
const cellsFor =
  ({ scenario }: PreparedScenario) =>
  (place: Cell['place'], kind: string, nature: Cell['nature'], fault: Fault): Cell => ({
    name: `${scenario.name} / ${nameOf(place)} / ${kind}`,
    kind,
    nature,
    place,
    fault,
  })

/** Each fault at each request and each transition of a scenario. */
export function cellsOf(prepared: PreparedScenario): readonly Cell[] {
  const cell = cellsFor(prepared)
  const ofRequest = (request: ApiRequest): readonly Cell[] => {
    const rules = requestFaults.filter(({ applies }) => applies(request))
    const path = vanishingPath(request)
    return [
      ...rules.map(({ name, nature, at }) => cell(request, name, nature, at(request))),
      cell(request, '404 of a proxy', 'garbled', proxyNotFound(request)),
      ...(path !== undefined && canVanish(path)
        ? [cell(request, 'vanished', 'vanished', vanishing(request, path))]
        : []),
    ]
  }
  const ofTransition = (place: Transition): readonly Cell[] =>
    transitionFaults.map((kind) => cell(place, kind, 'state', transitionFault(place, kind)))
  const balancer = prepared.requests.some(({ service }) => service === 'load-balancer')
  return [
    ...prepared.requests.flatMap(ofRequest),
    ...prepared.transitions.flatMap(ofTransition),
    ...(balancer ? [cell({ name: 'loadbalancers', nth: 0 }, 'load balancer in ERROR', 'state', brokenBalancer)] : []),
  ]
}

/** A tenant cannot delete what belongs to the cloud or to another project. */
const canVanish = (path: string): boolean => !/\/(routers|security-groups)\//.test(path)

/** All requests of a call, as the place of an environment. */
const allRequests: Cell['place'] = { name: 'all requests', nth: 0 }

/**
 * All or one of the filters of a scenario are ignored, fields are refused, replicas lag. And what is adopted or deleted
 * after a creation without response must be ours, whatever the list returned.
 */
export function environmentCellsOf(prepared: PreparedScenario, onlyFilters: boolean): readonly Cell[] {
  const cell = cellsFor(prepared)
  const usual = (kind: string, through: Through, place = allRequests) =>
    cell(place, kind, 'environment', () => ({ through, hasHit: () => true }))
  const others = [usual('lagging replica', laggingReplica), usual('port descriptions refused', portDescriptionsRefused)]
  const lists = prepared.requests.filter(({ isFiltered }) => isFiltered)
  const kind = 'reset after effect, filters ignored'
  return [
    usual('all filters ignored', filtersIgnored()),
    ...(onlyFilters ? [] : others),
    ...lists.map((place, nth) => usual('one filter ignored', filtersIgnored(nth), place)),
    ...cellsOf(prepared)
      .filter((one) => one.kind === 'reset after effect')
      .map((one) => ({
        ...one,
        name: `${one.name}, filters ignored`,
        kind,
        fault: () => ({ ...one.fault(prepared), through: filtersIgnored() }),
      })),
  ]
}
