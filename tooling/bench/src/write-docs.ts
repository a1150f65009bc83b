/**
 * `node tooling/bench/src/write-docs.ts figures.json`: writes what `npm run bench -- --json > figures.json` measured into
 * docs/performance.md, between its `<!-- bench:… -->` marks, and the chart. What was not measured stays as it is.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Figures } from './budgets.ts'
import { chart } from './chart.ts'
import { performancePage } from './tables.ts'

const [file] = process.argv.slice(2)
if (file === undefined) throw new Error('usage: node tooling/bench/src/write-docs.ts <figures.json>')
const figures = JSON.parse(await readFile(file, 'utf8')) as Figures // written by the benchmark

const docs = (name: string) => fileURLToPath(new URL(`../../../docs/${name}`, import.meta.url))
await writeFile(docs('performance.md'), performancePage(await readFile(docs('performance.md'), 'utf8'), figures))
if (figures.clouds['reference'] !== undefined) await writeFile(docs('seconds-per-method.svg'), chart(figures))
