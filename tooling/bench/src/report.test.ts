import { expect, test } from 'vitest'
import type { Figures } from './figures.ts'
import { performancePage } from './performance-page.ts'
import { report } from './report.ts'

const spreadOf = (median: number) => ({ min: median, median, max: median })
const method = (name: string, cpuMs: number, seconds: number) => ({
  method: name,
  wallMs: spreadOf(seconds * 1000),
  requests: spreadOf(1),
  cpuMs: spreadOf(cpuMs),
  peakRssMiB: spreadOf(60),
})
const cloud = {
  contenders: [{ name: 'warm', methods: [method('create_vm', 130, 9), method('has_vm', 70, 0.1)] }],
  curl: {
    curlMs: spreadOf(1),
    hasVmColdMs: spreadOf(1),
    hasVmWarmMs: spreadOf(1),
    coldRatio: 1,
    warmRatio: 1,
  },
  upload: {
    sizeMiB: 1,
    oursMs: spreadOf(1),
    curlMs: spreadOf(1),
    throughputRatio: 0.95,
    peakRssMiB: 60,
    rssGrowthMiB: 1,
  },
}
const figures: Figures = {
  startUp: { bareNodeMs: spreadOf(25), infoMs: spreadOf(30), infoThroughShimMs: spreadOf(30), ratio: 1.2 },
  callCpu: {
    bareNodeCpuMs: spreadOf(25),
    ratio: 3.2,
    throughWrapper: { ratio: 3, infoMs: spreadOf(5), shellMs: spreadOf(4) },
  },
  fake: [],
  clouds: { fake: cloud, reference: cloud },
  polling: [],
  scale: {
    fake: [
      { processes: 32, failures: 0, wallMs: 1000, logins: 1, requests: 257, rssMiB: 2000, pssMiB: 21, cpuMs: 3200 },
    ],
  },
}

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
