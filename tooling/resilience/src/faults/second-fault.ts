import { type ApiRequest, nameOf, requestsOf } from './api-request.ts'
import { type Cell, cellsOf } from './cell.ts'
import { requestFaults } from './fault-kind.ts'
import type { PreparedScenario } from './prepared-scenario.ts'
import { runCell } from './run-cell.ts'

/** Makes a creation fail for good, so that everything it created is removed. */
const refusal = '400'
/** After it a creation looks up what it has made. */
const noResponse = 'reset after effect'

/** Faults that the removal then meets. All of it passes: nothing may be left. */
const removalFaults: ReadonlySet<string> = new Set([
  '500',
  '500 after effect',
  '503 of the service',
  '429 seconds',
  '401',
  'time-out',
  'time-out after effect',
  'refused connection',
  'reset after effect',
  'cut body',
])

/** Faults that the look-up then meets. One that lasts keeps the removal from finding anything as well. */
const lookUpFaults: ReadonlySet<string> = new Set(['400', '500 for good'])

/**
 * Cells with two faults. A request of a creation is refused, and then one of the requests by which the driver removes what
 * it has made meets a fault as well; refusals that lead to the same removal count once. Or a creation gets no response, and
 * then its look-up fails.
 * @param isChosen which first faults are looked at
 */
export async function doubleCellsOf(
  prepared: PreparedScenario,
  isChosen: (cell: Cell) => boolean,
): Promise<readonly Cell[]> {
  if (prepared.scenario.purpose !== 'create') return []
  const cells: Cell[] = []
  const known = new Set<string>()
  for (const cell of cellsOf(prepared).filter(isChosen)) {
    if (cell.kind === refusal) {
      const removal = await requestsAfter(prepared, cell)
      const key = removal.map(nameOf).join()
      if (!known.has(key)) cells.push(...removal.flatMap((place) => followedBy(cell, place, removalFaults)))
      known.add(key)
    } else if (cell.kind === noResponse && 'path' in cell.place && cell.place.method === 'POST') {
      const { path: collection } = cell.place
      const isLookUp = ({ method, path }: ApiRequest) => method === 'GET' && path.startsWith(collection)
      const lookUp = (await requestsAfter(prepared, cell)).find(isLookUp)
      if (lookUp !== undefined) cells.push(...followedBy(cell, lookUp, lookUpFaults))
    }
  }
  return cells
}

/** The requests that follow a fault. */
async function requestsAfter(prepared: PreparedScenario, cell: Cell): Promise<readonly ApiRequest[]> {
  await runCell(prepared, cell)
  const requests = requestsOf(prepared.cloud.journal.since())
  return requests.slice(requests.findIndex((request) => nameOf(request) === nameOf(cell.place)) + 1)
}

const followedBy = (cell: Cell, place: ApiRequest, kinds: ReadonlySet<string>): readonly Cell[] =>
  requestFaults
    .filter((rule) => kinds.has(rule.name) && rule.applies(place))
    .map((rule) => ({ ...cell, name: `${cell.name}, then ${nameOf(place)} / ${rule.name}`, second: { place, rule } }))
