import { describe, expect, test } from 'vitest'
import { inMemoryHarness } from '../../test/in-memory-harness.ts'
import { createScenario } from './contract-scenario.ts'
import { InMemoryCpi } from './in-memory-cpi.ts'
import { describeCpiMistakes } from './mistakes/mistakes-suite.ts'

describeCpiMistakes('InMemoryCpi', () => inMemoryHarness())

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
