import { diskScenarios } from '../src/scenarios/disks.ts'
import { runScenarios } from './run-scenarios.ts'

runScenarios('5-disks', diskScenarios)
