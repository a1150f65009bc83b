import { testScenarios } from '../scenarios.ts'

testScenarios('load-balancers')
