import { diskScenarios } from '../src/scenarios/disks.ts'
import { playScenarios } from './play-scenarios.ts'

playScenarios('5-disks', diskScenarios)
