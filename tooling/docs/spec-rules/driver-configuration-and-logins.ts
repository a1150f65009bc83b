import type { SpecRules } from './rule.ts'

/** §1 and §2 of the driver's specification. */
export const configurationAndLogins: SpecRules = {}
