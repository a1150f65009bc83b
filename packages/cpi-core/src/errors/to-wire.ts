import { type CpiErrorCode, cpiErrorTable, isCpiError } from './cpi-error.ts'
import { fullMessageOf, nestedErrors } from './error-chain.ts'

/** The `error` member of an answer (contract §4). */
export interface WireError {
  readonly type: string
  readonly message: string
  readonly ok_to_retry: boolean
}

/**
 * Any thrown value as the contract's error. The outermost {@link CpiError} in the chain of causes decides type and
 * `ok_to_retry`, so wrapping an error keeps both; a chain without one is a `Bosh::Clouds::CloudError` (contract §4.2).
 * The message is what was thrown last, completed with the messages of its causes. One line of valid Unicode, without what
 * `redact` hides.
 */
export const toWireError = (thrown: unknown, redact: (text: string) => string): WireError => {
  const decisive = nestedErrors(thrown).find(isCpiError)
  const code: CpiErrorCode = decisive?.code ?? 'CloudError'
  const row = cpiErrorTable[code]
  return {
    type: row.wireName,
    message: safeMessage(code, fullMessageOf(thrown, redact)),
    ok_to_retry: row.retriable && decisive?.okToRetry === true,
  }
}

/** Callers take errors that start with these words for "method unknown", whatever the rest says (contract §4.1). */
const hijacked = /^\s*(?:Method is not known, got|Invalid Method:)/i

const safeMessage = (code: CpiErrorCode, message: string): string =>
  code !== 'NotImplemented' && hijacked.test(message) ? `Failed: ${message}` : message
