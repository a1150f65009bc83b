import { serverVariants } from '../src/scenarios/create-vm.ts'
import { runScenarios } from './run-scenarios.ts'

runScenarios('2-create-vm-servers', serverVariants)
