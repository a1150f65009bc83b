import { nameOf, requestsOf } from './api-request.ts'
import { type Cell, cellsOf } from './cell.ts'
import { requestFaults } from './fault-kind.ts'
import type { PreparedScenario } from './prepared-scenario.ts'
import { runCell } from './run-cell.ts'

/** Makes a creation fail for good, so that everything it created is removed. */
const refusal = '400'

/** Faults that the removal then meets. All of it passes: nothing may be left. */
const secondKinds: ReadonlySet<string> = new Set([
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

/**
 * Cells with two faults: a request of a creation is refused, and then one of the requests by which the driver removes what
 * it has made meets a fault as well. Refusals that lead to the same removal count once.
 * @param isChosen which refusals are looked at
 */
export async function doubleCellsOf(
  prepared: PreparedScenario,
  isChosen: (cell: Cell) => boolean,
): Promise<readonly Cell[]> {
  if (prepared.scenario.purpose !== 'create') return []
  const cells: Cell[] = []
  const known = new Set<string>()
  for (const cell of cellsOf(prepared).filter((one) => one.kind === refusal && isChosen(one))) {
    await runCell(prepared, cell)
    const names = requestsOf(prepared.cloud.journal.since()).map((place) => ({ place, name: nameOf(place) }))
    const removal = names.slice(names.findIndex(({ name }) => name === nameOf(cell.place)) + 1)
    const key = removal.map(({ name }) => name).join()
    if (known.has(key)) continue
    known.add(key)
    for (const { place, name } of removal) {
      for (const rule of requestFaults) {
        if (!secondKinds.has(rule.name) || !rule.applies(place)) continue
        cells.push({ ...cell, name: `${cell.name}, then ${name} / ${rule.name}`, second: { place, rule } })
      }
    }
  }
  return cells
}
