import { networkScenarios, stemcellScenarios } from '../src/scenarios/stemcells-and-networks.ts'
import { playScenarios } from './play-scenarios.ts'

playScenarios('6-stemcells-and-networks', [...stemcellScenarios, ...networkScenarios])
