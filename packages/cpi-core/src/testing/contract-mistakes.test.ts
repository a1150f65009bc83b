import { describe, expect, test } from 'vitest'
import { inMemoryHarness } from '../../test/in-memory-harness.ts'
import { createVmMistakes } from '../../test/mistakes/create-vm-mistakes.ts'
import { diskMistakes } from '../../test/mistakes/disk-mistakes.ts'
import { otherMistakes } from '../../test/mistakes/other-mistakes.ts'
import { vmMistakes } from '../../test/mistakes/vm-mistakes.ts'
import { createScenario, SkippedCase } from './contract-scenario.ts'
import { contractCases } from './contract-suite.ts'
import { InMemoryCpi } from './in-memory-cpi.ts'

/** Titles of the cases that fail for a CPI with a mistake. */
const failuresOf = async (mistake: (cpi: InMemoryCpi) => void): Promise<readonly string[]> => {
  const failing: string[] = []
  for (const { title, run } of contractCases()) {
    const cpi = new InMemoryCpi()
    mistake(cpi)
    const scenario = createScenario(inMemoryHarness(cpi))
    try {
      await run(scenario)
      await scenario.cleanUp()
    } catch (error) {
      if (!(error instanceof SkippedCase)) failing.push(title)
    }
    await scenario.abandon()
  }
  return failing
}

const mistakes = [...createVmMistakes, ...vmMistakes, ...diskMistakes, ...otherMistakes]

describe('the contract suite', () => {
  test('finds nothing wrong with a correct CPI', async () => {
    expect(await failuresOf(() => {})).toEqual([])
  })

  test.each(mistakes)('finds the mistake: %s', async (_name, mistake) => {
    expect(await failuresOf(mistake)).not.toEqual([])
  })
})

describe('a test of the suite that fails', () => {
  test('leaves nothing behind', async () => {
    const cpi = new InMemoryCpi()
    const scenario = createScenario(inMemoryHarness(cpi))
    const vm = await scenario.createVm()
    const disk = await scenario.createDisk()
    await scenario.call('attach_disk', [vm, disk])
    if (cpi.snapshotDisk !== undefined) await scenario.call('snapshot_disk', [disk, {}])
    await scenario.abandon()
    expect(cpi.existing()).toEqual([])
  })

  test('by taking too long is interrupted, and its calls begin nothing new', async () => {
    const cpi = new InMemoryCpi()
    const harness = inMemoryHarness(cpi)
    const scenario = createScenario({
      ...harness,
      createCpi: ({ signal }) =>
        Object.create(cpi, {
          createVm: {
            value: (request: Parameters<InMemoryCpi['createVm']>[0]) =>
              new Promise((_resolve, reject) => {
                void cpi.createVm(request).then(({ vm }) =>
                  signal.addEventListener('abort', () => {
                    cpi.cloud.vms.delete(vm)
                    reject(signal.reason)
                  }),
                )
              }),
          },
        }),
    })
    const stuck = scenario.createVm().then(() => scenario.createDisk())
    while (cpi.cloud.vms.size === 0) await new Promise((resolve) => setImmediate(resolve))
    await scenario.abandon()
    await expect(stuck).rejects.toThrow('the test has ended')
    expect(cpi.existing()).toEqual([])
  })
})
