import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { contractCases } from '../src/testing/contract-suite.ts'
import { executableCases } from '../src/testing/executable-cases.ts'
import { allMistakes } from '../src/testing/mistakes/all-mistakes.ts'

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8')
const rowsOf = (section: string): readonly (readonly string[])[] =>
  section
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .slice(1)
    .map((line) => line.split(' | ').map((cell) => cell.replace(/^\| | \|$/g, '')))
const [contract = '', executable = ''] = read('../../../docs/mistakes-found.md').split('## In the executable')

test('the page names every mistake, and cases that exist', () => {
  const rows = rowsOf(contract)
  const titles = contractCases().map(({ title }) => title)
  expect(rows.map(([name]) => name)).toEqual(allMistakes.map(({ name }) => name))
  for (const [, title] of rows) expect(titles).toContain(title)
  expect(contract).toContain(`puts ${allMistakes.length} mistakes`)
  for (const page of ['../README.md', '../../../docs/write-a-cpi.md', '../../../docs/architecture.md']) {
    expect(read(page)).toContain(`${allMistakes.length} mistakes`)
  }
})

test('the page names the mistakes of executables, and cases that exist', () => {
  const tested = read('../src/testing/executable-suite.test.ts')
  const rows = rowsOf(executable)
  expect(rows.length).toBeGreaterThan(20)
  for (const [name = '', words = ''] of rows) {
    expect(tested).toContain(`['${name}',`)
    expect(executableCases.some(({ title }) => title.includes(words))).toBe(true)
  }
})
