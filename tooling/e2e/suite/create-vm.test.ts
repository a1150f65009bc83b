import { testScenarios } from '../scenarios.ts'

testScenarios('create-vm')
