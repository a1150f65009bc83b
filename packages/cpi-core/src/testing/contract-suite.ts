import { afterEach, describe, expect, test } from 'vitest'
import type { Json } from '../model/json.ts'
import type { ContractCase } from './contract-case.ts'
import { type Capability, type ContractOptions, type CpiContractHarness, capabilities } from './contract-harness.ts'
import { type ContractScenario, createScenario, SkippedCase } from './contract-scenario.ts'
import { diskCases } from './disk-cases.ts'
import { optionalCases } from './optional-cases.ts'
import { stemcellCases } from './stemcell-cases.ts'
import { vmCases } from './vm-cases.ts'

/** Every case of the suite, with those of what a CPI leaves out. */
export const contractCases = (without: readonly Capability[] = []): readonly ContractCase[] => [
  ...[...stemcellCases, ...vmCases, ...diskCases, ...optionalCases].filter(
    ({ needs }) => needs === undefined || !without.includes(needs),
  ),
  ...without.map(leftOut),
]

/**
 * The promises every CPI makes to its callers (contract §6), as tests against a driver: shapes, idempotence, error types,
 * nothing left behind. Call it at the top level of a vitest file. What the harness cannot show is reported as skipped,
 * with the reason. What a test created is removed through the CPI, also when the test fails or takes too long.
 */
export const describeCpiContract = (
  name: string,
  makeHarness: () => Promise<CpiContractHarness> | CpiContractHarness,
  { without = [], timeoutMs = 60_000 }: ContractOptions = {},
): void => {
  describe(`CPI contract: ${name}`, () => {
    let scenario: ContractScenario | undefined

    afterEach(async () => {
      await scenario?.abandon()
      await scenario?.harness.close?.()
      scenario = undefined
    }, timeoutMs)

    for (const { title, run } of contractCases(without)) {
      test(
        title,
        async ({ skip }) => {
          const current = createScenario(await makeHarness())
          scenario = current
          try {
            await run(current)
          } catch (error) {
            if (error instanceof SkippedCase) skip(error.message)
            throw error
          }
          await current.cleanUp()
        },
        timeoutMs,
      )
    }
  })
}

/** A capability that a CPI leaves out: its methods say so, and callers go another way. */
const leftOut = (capability: Capability): ContractCase => ({
  title: `contract §4.1 ${capability} is left out: ${capabilities[capability].join(' and ')} say so`,
  run: async ({ failure, harness }) => {
    for (const method of capabilities[capability]) {
      const { type } = await failure(method, ...argumentsOf(method, harness))
      expect(['Bosh::Clouds::NotImplemented', 'Bosh::Clouds::NotSupported']).toContain(type)
    }
  },
})

const argumentsOf = (method: string, { disk, missingCid }: CpiContractHarness): readonly Json[] => {
  switch (method) {
    case 'resize_disk':
      return [missingCid, disk.sizeMiB]
    case 'update_disk':
      return [missingCid, disk.sizeMiB, disk.cloudProperties]
    case 'snapshot_disk':
      return [missingCid, {}]
    case 'calculate_vm_cloud_properties':
      return [{ cpu: 1, ram: 64, ephemeral_disk_size: 0 }]
    case 'create_network':
      return [{ type: 'manual', range: '192.0.2.0/24' }]
    default:
      return [missingCid]
  }
}
