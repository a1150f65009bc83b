import { mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { type Outcome, outcomeTable } from './src/outcome-table.ts'
import { outcomesFolder } from './suite/outcomes-folder.ts'

/** Prints the outcomes of all parts together once they are through. */
export default async function setUp(): Promise<() => Promise<void>> {
  await rm(outcomesFolder, { recursive: true, force: true })
  await mkdir(outcomesFolder, { recursive: true })
  return async () => {
    const files = (await readdir(outcomesFolder)).toSorted()
    const parts = await Promise.all(files.map((file) => readFile(new URL(file, outcomesFolder), 'utf8')))
    const outcomes = parts.flatMap((part) => JSON.parse(part) as Outcome[]) // written by the parts
    if (outcomes.length > 0) console.log(outcomeTable(outcomes))
  }
}
