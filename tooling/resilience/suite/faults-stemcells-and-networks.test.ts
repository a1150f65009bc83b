import { runScenarios } from './run-scenarios.ts'

runScenarios('stemcells-and-networks')
