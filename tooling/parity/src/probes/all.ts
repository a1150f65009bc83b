import type { Scenario } from '../scenario.ts'
import { blockStorageRequests } from './block-storage-requests.ts'
import { blockStorageSequences } from './block-storage-sequences.ts'
import { computeScenarios } from './compute.ts'
import { identityScenarios } from './identity.ts'
import { imageScenarios } from './image.ts'
import { loadBalancerScenarios } from './load-balancer.ts'
import { networkScenarios } from './network.ts'

/** Every scenario of the suite, by service. */
export const scenarios: readonly Scenario[] = [
  ...identityScenarios,
  ...computeScenarios,
  ...imageScenarios,
  ...blockStorageRequests,
  ...blockStorageSequences,
  ...networkScenarios,
  ...loadBalancerScenarios,
]
