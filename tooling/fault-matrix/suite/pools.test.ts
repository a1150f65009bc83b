import { poolScenarios } from '../src/scenarios/pools.ts'
import { playScenarios } from './play-scenarios.ts'

playScenarios('3-pools', poolScenarios)
