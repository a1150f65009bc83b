import { type ApiRequest, nameOf, requestsOf } from './api-request.ts'
import { type Cell, cellsOf } from './cell.ts'
import { faultFile, requestFaults } from './fault-kind.ts'
import type { PreparedScenario } from './prepared-scenario.ts'
import { runCell } from './run-cell.ts'

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
  const { refusal, removal, noResponse, lookUp } = faultFile.second
  const cells: Cell[] = []
  const known = new Set<string>()
  for (const cell of cellsOf(prepared).filter(isChosen)) {
    if (cell.kind === refusal) {
      const requests = await requestsAfter(prepared, cell)
      const key = requests.map(nameOf).join()
      if (!known.has(key)) cells.push(...requests.flatMap((place) => followedBy(cell, place, removal)))
      known.add(key)
    } else if (cell.kind === noResponse && 'path' in cell.place && cell.place.method === 'POST') {
      const { path: collection } = cell.place
      const isLookUp = ({ method, path }: ApiRequest) => method === 'GET' && path.startsWith(collection)
      const found = (await requestsAfter(prepared, cell)).find(isLookUp)
      if (found !== undefined) cells.push(...followedBy(cell, found, lookUp))
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

const followedBy = (cell: Cell, place: ApiRequest, kinds: readonly string[]): readonly Cell[] =>
  requestFaults
    .filter((rule) => kinds.includes(rule.name) && rule.applies(place))
    .map((second) => ({
      ...cell,
      name: `${cell.name}, then ${nameOf(place)} / ${second.name}`,
      fault: (prepared) => {
        const [one, other] = [cell.fault(prepared), second.at(place)(prepared)]
        return { ...one, hasHit: () => one.hasHit() && other.hasHit() }
      },
      second,
    }))
