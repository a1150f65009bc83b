import type { SpecRules } from './rule.ts'

/** §7.10 to §11 of the driver's specification. */
export const disksAndNetworks: SpecRules = {}
