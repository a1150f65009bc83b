import type { Scenario } from '../scenario.ts'
export const loadBalancerScenarios: readonly Scenario[] = []
