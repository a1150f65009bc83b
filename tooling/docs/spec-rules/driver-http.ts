import type { SpecRules } from './rule.ts'

/** §3 of the driver's specification. */
export const http: SpecRules = {}
