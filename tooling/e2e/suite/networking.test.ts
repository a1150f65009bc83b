import { testScenarios } from '../scenarios.ts'

testScenarios('networking')
