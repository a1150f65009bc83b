import { stat } from 'node:fs/promises'
import { afterEach, describe, test } from 'vitest'
import type { ContractCase } from '../contract-case.ts'
import type { ContractOptions, CpiContractHarness } from '../contract-harness.ts'
import { createScenario, SkippedCase } from '../contract-scenario.ts'
import { contractCases } from '../contract-suite.ts'
import { allMistakes } from './all-mistakes.ts'
import { applyMistake } from './apply-mistake.ts'
import type { Mistake } from './mistake.ts'
import { mistakeNotFound } from './mistake-not-found.ts'

/**
 * Tests a harness: makes one mistake after the other in your CPI and runs the cases of `describeCpiContract` until one
 * fails. A mistake that no case finds fails its test: the harness shows the suite too little. One that this harness cannot
 * show is reported as skipped, with the reason. Each case gets a harness of its own, whose `close` must remove what a
 * mistake leaves behind: run it on a cloud that costs nothing.
 */
export const describeCpiMistakes = (
  name: string,
  makeHarness: () => Promise<CpiContractHarness> | CpiContractHarness,
  { without = [], timeoutMs = 60_000 }: ContractOptions = {},
): void => {
  describe(`mistakes: ${name}`, () => {
    let open: CpiContractHarness | undefined
    const passed = new Set<string>()
    const close = async (): Promise<void> => {
      const harness = open
      open = undefined
      await harness?.close?.()
    }
    const begin = async (): Promise<CpiContractHarness> => {
      open = await makeHarness()
      return open
    }
    afterEach(close, timeoutMs)

    for (const mistake of allMistakes) {
      test(
        `the suite finds the mistake: ${mistake.name}`,
        async ({ skip, task }) => {
          if (mistake.needs !== undefined && without.includes(mistake.needs)) skip(`${mistake.needs} is left out`)
          const obstacle = await obstacleOf(mistake, await begin())
          await close()
          if (obstacle !== undefined) skip(obstacle)
          for (const contractCase of inOrder(contractCases(without), mistake)) {
            const isFound = await fails(contractCase, applyMistake(await begin(), mistake))
            await close()
            if (!isFound) continue
            if (!passed.has(contractCase.title) && (await fails(contractCase, await begin()))) {
              throw new Error(`the case fails without a mistake, too: ${contractCase.title}`)
            }
            passed.add(contractCase.title)
            await close()
            Object.assign(task.meta, { foundBy: contractCase.title })
            return
          }
          throw mistakeNotFound(mistake, contractCases(without))
        },
        timeoutMs,
      )
    }
  })
}

/** Why the suite cannot see the mistake with this harness; undefined when it can. */
const obstacleOf = async (mistake: Mistake, harness: CpiContractHarness): Promise<string | undefined> => {
  const { probes = {}, stemcell, vm } = harness
  const missing = mistake.probes?.find((probe) => probes[probe] === undefined)
  if (missing !== undefined) return `the harness has no probe '${missing}'`
  if (mistake.failing !== undefined && (await probes.failNext?.(mistake.failing)) !== true) {
    return `the harness cannot fail '${mistake.failing}'`
  }
  if (mistake.needsNetworks && Object.keys(vm.networks).length < 2) return 'VMs of the harness have one network'
  if (!mistake.needsImage) return undefined
  const isThere = await stat(stemcell.imagePath).then(
    () => true,
    () => false,
  )
  return isThere ? undefined : `the image '${stemcell.imagePath}' of the harness is no file`
}

/** First the case that is known to find the mistake. */
const inOrder = (cases: readonly ContractCase[], { foundBy }: Mistake): readonly ContractCase[] => [
  ...cases.filter(({ title }) => title.includes(foundBy)),
  ...cases.filter(({ title }) => !title.includes(foundBy)),
]

/** Runs one case on a CPI with a mistake. A case that is skipped finds nothing. */
const fails = async (contractCase: ContractCase, harness: CpiContractHarness): Promise<boolean> => {
  const scenario = createScenario(harness)
  try {
    await contractCase.run(scenario)
    await scenario.cleanUp()
    return false
  } catch (error) {
    return !(error instanceof SkippedCase)
  } finally {
    await scenario.abandon()
  }
}
