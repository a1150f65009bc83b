import { runScenarios } from './run-scenarios.ts'

runScenarios('create-vm-servers')
