import { poolScenarios } from '../src/scenarios/pools.ts'
import { runScenarios } from './run-scenarios.ts'

runScenarios('3-pools', poolScenarios)
