import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import type { CloudFigures, Figures } from './figures.ts'
import { benchPolling } from './polling.ts'
import { performancePage, report } from './tables.ts'

const spreadOf = (median: number) => ({ min: median, median, max: median })
const method = (name: string, cpuMs: number, seconds: number) => ({
  method: name,
  wallMs: spreadOf(seconds * 1000),
  requests: spreadOf(1),
  cpuMs: spreadOf(cpuMs),
  peakRssMiB: spreadOf(60),
})
const upload = {
  sizeMiB: 1,
  oursMs: spreadOf(1),
  curlMs: spreadOf(1),
  throughputRatio: 0.95,
  peakRssMiB: 60,
  rssGrowthMiB: 1,
}
const cloud: CloudFigures = {
  contenders: [{ name: 'warm', methods: [method('create_vm', 130, 9), method('has_vm', 70, 0.1)] }],
  upload,
}
const nothing: Figures = {
  process: {
    bareNodeMs: spreadOf(25),
    infoMs: spreadOf(30),
    infoThroughShimMs: spreadOf(30),
    infoRatio: 1.2,
    bareNodeCpuMs: spreadOf(25),
    callCpuRatio: 3.6,
  },
  fake: [],
  clouds: {},
  polling: benchPolling([1_000]),
  scale: {},
}
const figures: Figures = {
  ...nothing,
  process: {
    ...nothing.process,
    callCpuRatio: 3.2,
    throughWrapper: { callCpuRatio: 3, infoMs: spreadOf(5), shellMs: spreadOf(4) },
  },
  clouds: { fake: cloud, reference: cloud },
  scale: {
    fake: [
      { processes: 32, failures: 0, wallMs: 1000, logins: 1, requests: 257, rssMiB: 2000, pssMiB: 21, cpuMs: 3200 },
    ],
  },
}
const marked = (name: string, content: string) => `before\n<!-- bench:${name} -->\n${content}<!-- /bench -->\nafter\n`

test('a missed budget is named, with the methods from which most of it comes', () => {
  const missed = report(figures)
    .split('\n')
    .filter((line) => line.startsWith('missed: '))
  expect(missed).toContain('missed: fake: most CPU of a call / bare node: 5.20, budget ≤ 4.5 (create_vm 5.2)')
  expect(missed).toContain('missed: fake: PSS of each of 32 create_vm, MiB: 21, budget ≤ 20')
  expect(missed.find((line) => line.includes('seconds of all methods / Ruby'))).toContain(
    '(create_vm 9.00 s, has_vm 0.10 s)',
  )
  expect(missed.join()).not.toContain('has_disk')
})

test('the page takes requests and processes from the measured cloud', () => {
  const page = (name: string) => performancePage(`<!-- bench:${name} -->\n<!-- /bench -->`, figures)
  expect(page('requests')).toContain('| create_vm | 1 | 14 |')
  expect(page('processes-fake')).toContain('| 32 | 0 | 1 | 257 | 8.0 | 1.0 | 2000 | 21.0 |')
})

test('figures replace what is between the marks', () => {
  const page = performancePage(marked('budgets', '\n| old |\n\n'), nothing)
  expect(page).toContain('| CPU of has_disk over TLS / bare node | ≤ 3.5 | 3.60 | missed |')
  expect(page).toMatch(/^before\n[\s\S]*\nafter\n$/)
  expect(page).not.toContain('old')
  expect(performancePage(page, nothing)).toBe(page)
})

test('what was not measured stays', () => {
  for (const name of ['requests', 'processes-fake', 'processes-reference']) {
    expect(performancePage(marked(name, '\n| old |\n\n'), nothing)).toBe(marked(name, '\n| old |\n\n'))
  }
})

test('a mark without end or of an unknown name is an error', () => {
  expect(() => performancePage('<!-- bench:waits -->\n', nothing)).toThrow(/bench:waits/)
  expect(() => performancePage(marked('nothing', ''), nothing)).toThrow(/bench:nothing/)
})

test('the page has a place for every table', async () => {
  const page = await readFile(new URL('../../../docs/performance.md', import.meta.url), 'utf8')
  for (const name of ['budgets', 'requests', 'waits', 'processes-fake', 'processes-reference']) {
    expect(page).toContain(`<!-- bench:${name} -->`)
  }
  expect(() => performancePage(page, nothing)).not.toThrow()
})
