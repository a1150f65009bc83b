import { type ApiRequest, nameOf, type Transition } from './api-request.ts'
import type { FaultAtPlace } from './expected-errors.ts'
import { type FaultKind, requestFaults, type TransitionFault, transitionFaults, vanishingPath } from './fault-kind.ts'
import type { PreparedScenario } from './prepared-scenario.ts'

/** One fault at one place of one scenario. */
export interface Cell extends FaultAtPlace {
  /** `<scenario> / <place> / <kind>`: names it among all. */
  readonly name: string
  readonly hit: { readonly rule: FaultKind } | { readonly vanishing: string } | { readonly transition: TransitionFault }
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

/** All cells of a scenario. */
export function cellsOf({ scenario, requests, transitions }: PreparedScenario): readonly Cell[] {
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
        ...(path === undefined || !canVanish(path)
          ? []
          : [cell(request, { kind: 'vanished', nature: 'vanished', hit: { vanishing: path } })]),
      ]
    }),
    ...transitions.flatMap((transition) =>
      transitionFaults.map((kind) => cell(transition, { kind, nature: 'state', hit: { transition: kind } })),
    ),
  ]
}

/** A tenant cannot delete what belongs to the cloud or to another project. */
const canVanish = (path: string): boolean => !/\/(routers|security-groups)\//.test(path)
