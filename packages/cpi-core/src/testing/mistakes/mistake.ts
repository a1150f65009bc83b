import type { CpiCall } from '../../contract/call.ts'
import type { Cpi } from '../../contract/cpi.ts'
import type { Capability, ContractProbes, CpiContractHarness } from '../contract-harness.ts'
import type { FailingCall } from '../in-memory-cloud.ts'

/** The methods of a correct CPI, bound to it. Those that the CPI leaves out are undefined in spite of their type. */
export type CorrectMethods = Required<Cpi>

/** What a mistake works with besides the correct methods. */
export interface MistakeTools {
  /** Kept from call to call within one test, as a cloud would keep it. */
  readonly memory: Map<string, unknown>
  readonly call: CpiCall
  readonly harness: CpiContractHarness
}

/** A mistake that authors of CPIs make, as something that can be made in any correct CPI. */
export interface Mistake {
  readonly name: string
  /** Words of the title of the case that finds it, which is tried first. */
  readonly foundBy: string
  /** What the cloud must be able to do for it. */
  readonly needs?: Capability
  /** Probes without which the suite does not see it. */
  readonly probes?: readonly (keyof ContractProbes)[]
  /** The call that the harness must be able to fail for the suite to see it. */
  readonly failing?: FailingCall
  /** True when the stemcell of the harness must be a file. */
  readonly needsImage?: true
  /** True when VMs of the harness must have several networks. */
  readonly needsNetworks?: true
  /** What the CPI does instead: methods as a driver without types would have them. */
  readonly change?: (correct: CorrectMethods, tools: MistakeTools) => object
  /** For mistakes inside the cloud, which no method of the driver could make: what a look behind the CPI then shows. */
  readonly shows?: (probes: ContractProbes, memory: Map<string, unknown>) => ContractProbes
}

/** A list that a mistake keeps in its memory. */
export const listIn = <T>(memory: Map<string, unknown>, key: string): T[] => {
  const found = (memory.get(key) as T[] | undefined) ?? []
  memory.set(key, found)
  return found
}
