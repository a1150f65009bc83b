import { networkScenarios, stemcellScenarios } from '../src/scenarios/stemcells-and-networks.ts'
import { runScenarios } from './run-scenarios.ts'

runScenarios('6-stemcells-and-networks', [...stemcellScenarios, ...networkScenarios])
