import { vmScenarios } from '../src/scenarios/vms.ts'
import { runScenarios } from './run-scenarios.ts'

runScenarios('4-vms', vmScenarios)
