/**
 * `node tooling/bench/src/write-docs.ts figures.json`: writes what `npm run bench -- --json > figures.json` measured into
 * README.md and docs/performance.md, between their `<!-- bench:… -->` marks. What was not measured stays as it is.
 */
import { readFile, writeFile } from 'node:fs/promises'
import type { Figures } from './budgets.ts'
import { performancePage } from './tables.ts'

const [file] = process.argv.slice(2)
if (file === undefined) throw new Error('usage: node tooling/bench/src/write-docs.ts <figures.json>')
const figures = JSON.parse(await readFile(file, 'utf8')) as Figures // written by the benchmark

for (const name of ['README.md', 'docs/performance.md']) {
  const page = new URL(`../../../${name}`, import.meta.url)
  await writeFile(page, performancePage(await readFile(page, 'utf8'), figures))
}
