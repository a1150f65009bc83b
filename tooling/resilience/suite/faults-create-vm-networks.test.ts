import { networkVariants } from '../src/scenarios/create-vm.ts'
import { runScenarios } from './run-scenarios.ts'

runScenarios('1-create-vm-networks', networkVariants)
