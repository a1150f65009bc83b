import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import type { Figures } from './figures.ts'
import { performancePage } from './performance-page.ts'
import { benchPolling } from './polling.ts'

const one = { min: 1, median: 1, max: 1 }
const figures: Figures = {
  startUp: { bareNodeMs: one, infoMs: one, infoThroughShimMs: one, ratio: 1.2 },
  callCpu: { bareNodeCpuMs: one, ratio: 3.6 },
  fake: [],
  clouds: {},
  polling: benchPolling([1_000]),
  scale: {},
}
const marked = (name: string, content: string) => `before\n<!-- bench:${name} -->\n${content}<!-- /bench -->\nafter\n`

test('figures replace what is between the marks', () => {
  const page = performancePage(marked('budgets', '\n| old |\n\n'), figures)
  expect(page).toContain('| CPU of has_disk over TLS / bare node | ≤ 3.5 | 3.60 | missed |')
  expect(page).toMatch(/^before\n[\s\S]*\nafter\n$/)
  expect(page).not.toContain('old')
  expect(performancePage(page, figures)).toBe(page)
})

test('the figures of the fake name a budget that is missed', () => {
  const fake = [{ what: 'reset', unit: 'ms', measured: { min: 1, median: 2, max: 3 }, budget: { atMost: 1 } }]
  const page = performancePage(marked('fake', ''), { ...figures, fake })
  expect(page).toContain('| reset | ≤ 1 ms | 2.00 ms | 1.00-3.00 | missed |')
})

test('what was not measured stays', () => {
  for (const name of ['requests', 'fake', 'processes-fake', 'processes-reference']) {
    expect(performancePage(marked(name, '\n| old |\n\n'), figures)).toBe(marked(name, '\n| old |\n\n'))
  }
})

test('a mark without end or of an unknown name is an error', () => {
  expect(() => performancePage('<!-- bench:waits -->\n', figures)).toThrow(/bench:waits/)
  expect(() => performancePage(marked('nothing', ''), figures)).toThrow(/bench:nothing/)
})

test('the page has a place for every table', async () => {
  const page = await readFile(new URL('../../../docs/performance.md', import.meta.url), 'utf8')
  for (const name of ['budgets', 'requests', 'waits', 'fake', 'processes-fake', 'processes-reference']) {
    expect(page).toContain(`<!-- bench:${name} -->`)
  }
  expect(() => performancePage(page, figures)).not.toThrow()
})
