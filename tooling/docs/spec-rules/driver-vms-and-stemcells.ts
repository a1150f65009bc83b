import type { SpecRules } from './rule.ts'

/** §7.1 to §7.9 of the driver's specification. */
export const vmsAndStemcells: SpecRules = {}
