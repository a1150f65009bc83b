import type { Scenario } from '../scenario.ts'
import { blockStorageRequests } from './block-storage-requests.ts'
import { blockStorageSequences } from './block-storage-sequences.ts'

/** Every scenario of the suite, by service. */
export const scenarios: readonly Scenario[] = [...blockStorageRequests, ...blockStorageSequences]
