import { expect } from 'vitest'
import type { ContractScenario } from './contract-scenario.ts'
import { CpiAnswerError } from './cpi-client.ts'

/** Repeats a deletion: null, or the one NotFound type that callers take for success as well (contract §6). */
export const deleteAgain = async (
  call: ContractScenario['call'],
  method: string,
  cid: string,
  notFound: string,
): Promise<void> => {
  try {
    expect(await call(method, [cid])).toBeNull()
  } catch (error) {
    if (!(error instanceof CpiAnswerError)) throw error
    expect(error.answer).toMatchObject({ type: notFound, ok_to_retry: false })
  }
}
