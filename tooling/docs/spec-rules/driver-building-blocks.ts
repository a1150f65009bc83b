import type { SpecRules } from './rule.ts'

/** §4 to §6 of the driver's specification. */
export const buildingBlocks: SpecRules = {}
