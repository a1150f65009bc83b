import type { Scenario } from '../scenario.ts'
import { networkVariants, serverVariants } from './create-vm.ts'
import { diskScenarios } from './disks.ts'
import { poolScenarios } from './pools.ts'
import { networkScenarios, stemcellScenarios } from './stemcells-and-networks.ts'
import { vmScenarios } from './vms.ts'

/** Every scenario of the matrices. */
export const scenarios: readonly Scenario[] = [
  ...networkVariants,
  ...serverVariants,
  ...poolScenarios,
  ...vmScenarios,
  ...diskScenarios,
  ...stemcellScenarios,
  ...networkScenarios,
]

/** Throws when there is no scenario of this name. */
export function scenarioNamed(name: string): Scenario {
  const found = scenarios.find((one) => one.name === name)
  if (found === undefined) throw new Error(`no scenario ${name}`)
  return found
}
