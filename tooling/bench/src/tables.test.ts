import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import type { Figures } from './budgets.ts'
import { budgets } from './data.ts'
import { figure } from './statistics.ts'
import { performancePage } from './tables.ts'

const of = (median: number) => ({ min: median, median, max: median })
const method = (name: string, cpuStarts: number, seconds: number) => ({
  method: name,
  wallMs: of(seconds * 1000),
  requests: of(1),
  cpuMs: of(cpuStarts * 30),
  cpuStarts: of(cpuStarts),
  peakRssMiB: of(60),
})
const contenders = [
  { name: 'warm', methods: [method('create_vm', 5.2, 9), method('has_vm', 2.8, 0.1), method('has_disk', 2.7, 0.1)] },
]
const figures: Figures = {
  figures: [figure('bare-node', [25]), figure('call-cpu', [3.2])],
  fake: [figure('listening', [300])],
  clouds: { reference: contenders },
  scale: {},
}

const page = (name: string, content = '') =>
  performancePage(`before\n<!-- bench:${name} -->\n${content}<!-- /bench -->\nafter\n`, figures)

test('a missed budget says why, with the methods from which most of it comes', () => {
  const { because } = budgets['most-cpu'] ?? {}
  expect(page('budgets')).toContain(
    `| reference: most CPU of a call / bare node | ≤ 4.5 | 5.20 | 5.20-5.20 | missed: create_vm 5.2. ${because} |`,
  )
  expect(page('budgets')).toContain('| CPU of has_disk over TLS / bare node | ≤ 3.5 | 3.20 | 3.20-3.20 |  |')
  expect(page('fake')).toMatch(/listening, from the command line \| ≤ 250 ms \| 300 ms \| 300-300 \| missed: \w/)
})

test('each budget has a limit, and a reason for the case that it is missed', () => {
  for (const { what, atMost, atLeast, because } of Object.values(budgets).flatMap((one) => one ?? [])) {
    expect(because !== '' || (atMost === undefined && atLeast === undefined), what).toBe(true)
  }
})

test('figures replace what is between the marks, and what was not measured stays', () => {
  const filled = page('budgets', '\n| old |\n\n')
  expect(filled).toMatch(/^before\n[\s\S]*\nafter\n$/)
  expect(filled).not.toContain('old')
  expect(performancePage(filled, figures)).toBe(filled)
  for (const name of ['requests', 'processes-fake', 'processes-reference']) {
    expect(page(name, '\n| old |\n\n')).toContain('| old |')
  }
})

test('the two other CPIs stand beside this one, also where they lack a method', () => {
  expect(page('peers')).toContain('| create_vm | 9 | 1 | 60 | 12.7 | 14 | 10 | 4.3 | 13 | 43 |')
  expect(page('peers')).toContain('| has_disk | 0.1 | 1 | 60 | - | - | - | - | - | - |')
})

test.each(['README.md', 'docs/performance.md'])('%s has known marks with ends', async (name) => {
  const text = await readFile(new URL(`../../../${name}`, import.meta.url), 'utf8')
  expect(performancePage(text, figures)).toContain('  bar [12.70, 0.37]\n  bar [9.00, 0.10]\n  line [4.30, 0.71]\n')
  expect(() => performancePage('<!-- bench:budgets -->\n', figures)).toThrow(/bench:budgets/)
})
