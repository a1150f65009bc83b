import { networkVariants } from '../src/scenarios/create-vm.ts'
import { playScenarios } from './play-scenarios.ts'

playScenarios('1-create-vm-networks', networkVariants)
