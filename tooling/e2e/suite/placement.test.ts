import { testScenarios } from '../scenarios.ts'

testScenarios('placement')
