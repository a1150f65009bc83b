import { expect, test } from 'vitest'
import { wantsColour } from '../terminal.ts'
import { ok, problem, summarise } from './check.ts'
import { reportText } from './report.ts'

const report = summarise([
  { group: 'compute', title: 'flavors', findings: [ok('flavor a')], durationMs: 1 },
  { group: 'network', title: 'networks', findings: [problem('net b is gone', 'No VM.', 'Make it.')], durationMs: 1 },
])

test.each([
  [true, {}, true],
  [true, { NO_COLOR: '1' }, false],
  [true, { NO_COLOR: '' }, true],
  [true, { TERM: 'dumb' }, false],
  [false, {}, false],
])('colours: terminal %s, environment %j: %s', (isTTY, environment, wanted) => {
  expect(wantsColour({ isTTY }, environment)).toBe(wanted)
})

test('groups, marks, reasons and remedies', () => {
  expect(reportText(report, false)).toBe(`compute
  ok      flavors: flavor a

network
  PROBLEM networks: net b is gone
          why:    No VM.
          remedy: Make it.

not ready for BOSH: 1 problem, no warnings
`)
})

test('colours change nothing but the looks', () => {
  const coloured = reportText(report, true)
  expect(coloured).toContain('\u001b[31mPROBLEM\u001b[0m')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it is what colours are made of
  expect(coloured.replaceAll(/\u001b\[\d+m/g, '')).toBe(reportText(report, false))
})

test('text from the cloud can neither break a line nor control the terminal', () => {
  const steering = 'net \u001b[2J\nready for BOSH\u202e'
  const findings = [problem(steering, steering, steering)]
  const text = reportText(summarise([{ group: 'network', title: 'networks', findings, durationMs: 1 }]), false)
  expect(text).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}]/u)
  expect(text.split('\n').filter((line) => line.startsWith('ready'))).toEqual([])
})
