import { inMemoryHarness } from '../../test/in-memory-harness.ts'
import { describeCpiContract } from './contract-suite.ts'

describeCpiContract('InMemoryCpi', () => inMemoryHarness())
