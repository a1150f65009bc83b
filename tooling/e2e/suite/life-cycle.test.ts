import { testScenarios } from '../scenarios.ts'

testScenarios('life-cycle')
