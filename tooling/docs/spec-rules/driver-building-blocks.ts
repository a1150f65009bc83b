import { cloudPropertyRules } from './driver-cloud-properties.ts'
import { loadBalancerRules } from './driver-load-balancers.ts'
import { nameRules } from './driver-names.ts'
import { networkingRules } from './driver-networking.ts'
import { placementRules } from './driver-placement.ts'
import type { SpecRules } from './rule.ts'

/** §4 to §6 of the driver's specification. */
export const buildingBlocks: SpecRules = {
  ...nameRules,
  ...cloudPropertyRules,
  ...networkingRules,
  ...loadBalancerRules,
  ...placementRules,
}
