import { serverVariants } from '../src/scenarios/create-vm.ts'
import { playScenarios } from './play-scenarios.ts'

playScenarios('2-create-vm-servers', serverVariants)
