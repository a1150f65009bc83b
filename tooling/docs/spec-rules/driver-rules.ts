import { buildingBlocks } from './driver-building-blocks.ts'
import { configurationAndLogins } from './driver-configuration-and-logins.ts'
import { disksAndNetworks } from './driver-disks-and-networks.ts'
import { http } from './driver-http.ts'
import { vmsAndStemcells } from './driver-vms-and-stemcells.ts'
import type { SpecRules } from './rule.ts'

/** Every behaviour that the driver's specification states, by section. */
export const driverRules: SpecRules = {
  ...configurationAndLogins,
  ...http,
  ...buildingBlocks,
  ...vmsAndStemcells,
  ...disksAndNetworks,
}
