import type { Capability } from './contract-harness.ts'
import type { ContractScenario } from './contract-scenario.ts'

/** One promise of the contract as a test. */
export interface ContractCase {
  /** The behaviour, with its section of the contract. */
  readonly title: string
  /** What the cloud must be able to do for it. */
  readonly needs?: Capability
  readonly run: (scenario: ContractScenario) => Promise<void>
}
