import { expect, test } from 'vitest'
import { inMemoryHarness } from '../../../test/in-memory-harness.ts'
import { createScenario } from '../contract-scenario.ts'
import { contractCases } from '../contract-suite.ts'
import { allMistakes } from './all-mistakes.ts'
import { applyMistake } from './apply-mistake.ts'
import { mistakeNotFound } from './mistake-not-found.ts'

const mistakeNamed = (name: string) => {
  const found = allMistakes.find((mistake) => mistake.name === name)
  if (found === undefined) throw new Error(`there is no mistake '${name}'`)
  return found
}

test('a mistake that a wrong probe hides is reported with the case that should find it and the probe', async () => {
  const mistake = mistakeNamed('snapshot_disk powers the VM off')
  const harness = inMemoryHarness()
  const blind = { ...harness, probes: { ...harness.probes, isRunning: () => true } }
  const expected = contractCases().find(({ title }) => title.includes(mistake.foundBy))
  await expected?.run(createScenario(applyMistake(blind, mistake)))
  expect(mistakeNotFound(mistake, contractCases()).message).toBe(
    `No case of the contract suite fails for a CPI with this mistake. "${expected?.title}" should. ` +
      "Check in the harness: the probe 'isRunning', the probe 'crashVm'",
  )
})

test('the call that the harness fails is named, and a mistake that needs nothing names nothing', () => {
  expect(mistakeNotFound(mistakeNamed('has_vm is false on an I/O error'), contractCases()).message).toMatch(
    /contract §6\.6 .* should\. Check in the harness: failNext\('has_vm'\)$/,
  )
  expect(mistakeNotFound(mistakeNamed('delete_vm does nothing'), contractCases()).message).toMatch(/should$/)
})

test.each(allMistakes.map((mistake) => [mistake.name, mistake.foundBy]))(
  'a case is expected to find: %s',
  (_, words) => {
    expect(contractCases().filter(({ title }) => title.includes(words)).length).toBeGreaterThan(0)
  },
)
