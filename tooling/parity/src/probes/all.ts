import type { Scenario } from '../scenario.ts'
import { blockStorageRequests } from './block-storage-requests.ts'
import { blockStorageSequences } from './block-storage-sequences.ts'
import { computeRequests } from './compute-requests.ts'
import { computeSequences } from './compute-sequences.ts'
import { identityScenarios } from './identity.ts'
import { identityRegistryScenarios } from './identity-registry.ts'
import { imageScenarios } from './image.ts'
import { loadBalancerScenarios } from './load-balancer.ts'
import { loadBalancerFlavorScenarios } from './load-balancer-flavors.ts'
import { networkScenarios } from './network.ts'
import { releaseScenarios } from './releases.ts'

/** Every scenario of the suite, by service. */
export const scenarios: readonly Scenario[] = [
  ...identityScenarios,
  ...computeRequests,
  ...computeSequences,
  ...imageScenarios,
  ...blockStorageRequests,
  ...blockStorageSequences,
  ...networkScenarios,
  ...loadBalancerScenarios,
  ...identityRegistryScenarios,
  ...loadBalancerFlavorScenarios,
  ...releaseScenarios,
]
