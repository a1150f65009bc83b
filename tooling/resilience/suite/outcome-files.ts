import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import type { CellOutcome } from '../src/outcome-table.ts'

/** The files of the suite, which run in parallel, put their outcomes here for the table at the end. */
const folder = new URL('../.test-results/outcomes/', import.meta.url)

export async function clearOutcomes(): Promise<void> {
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
}

/** @param part orders the parts in the table */
export const writeOutcomes = (part: string, outcomes: readonly CellOutcome[]): Promise<void> =>
  writeFile(new URL(`${part}.json`, folder), JSON.stringify(outcomes))

export async function readOutcomes(): Promise<readonly CellOutcome[]> {
  const names = (await readdir(folder)).toSorted()
  const parts = await Promise.all(names.map((name) => readFile(new URL(name, folder), 'utf8')))
  return parts.flatMap((part) => JSON.parse(part) as CellOutcome[]) // written above
}
