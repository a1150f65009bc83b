import { buildingBlocks } from './driver-building-blocks.ts'
import { configurationAndLogins } from './driver-configuration-and-logins.ts'
import { createVmRules } from './driver-create-vm.ts'
import { disksAndNetworks } from './driver-disks-and-networks.ts'
import { http } from './driver-http.ts'
import { stemcellRules } from './driver-stemcells.ts'
import { vmRules } from './driver-vms.ts'
import type { SpecRules } from './rule.ts'

/** Every behaviour that the driver's specification states, by section. */
export const driverRules: SpecRules = {
  ...configurationAndLogins,
  ...http,
  ...buildingBlocks,
  ...stemcellRules,
  ...createVmRules,
  ...vmRules,
  ...disksAndNetworks,
}
