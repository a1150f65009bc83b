import { vmScenarios } from '../src/scenarios/vms.ts'
import { playScenarios } from './play-scenarios.ts'

playScenarios('4-vms', vmScenarios)
