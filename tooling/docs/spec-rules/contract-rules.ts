import { conformance } from './contract-conformance.ts'
import { disksAndSnapshots } from './contract-disks.ts'
import { networksAndAgent } from './contract-networks-and-agent.ts'
import { processAndMessages } from './contract-process-and-messages.ts'
import { stemcellsAndVms } from './contract-stemcells-and-vms.ts'
import { stemcellsToLogging } from './contract-stemcells-to-logging.ts'
import type { SpecRules } from './rule.ts'

/** Every behaviour of a CPI that the contract states, by section. */
export const contractRules: SpecRules = {
  ...processAndMessages,
  ...stemcellsAndVms,
  ...disksAndSnapshots,
  ...networksAndAgent,
  ...stemcellsToLogging,
  ...conformance,
}
