import { cpiErrorTable } from '../errors/cpi-error.ts'
import { traceOf } from '../errors/error-chain.ts'
import { toWireError } from '../errors/to-wire.ts'
import { plainText } from '../log/plain-text.ts'
import type { Secrets } from '../log/secrets.ts'
import { encodeResponse } from '../protocol/response.ts'

/** A failure ready to be written: the answer for the caller, the stack traces for the log. Both without secrets. */
export interface EncodedFailure {
  readonly document: string
  readonly trace: string
}

/**
 * Any thrown value as a complete answer (contract §4). Its `log` repeats the stack traces: callers that keep only the
 * answer need them too. Never throws, whatever was thrown.
 */
export const encodeFailure = (thrown: unknown, secrets: Secrets): EncodedFailure => {
  try {
    const trace = plainText(secrets.redact(traceOf(thrown)))
    const error = toWireError(thrown, (text) => secrets.redact(text))
    return { document: encodeResponse({ result: null, error, log: trace }), trace }
  } catch (error) {
    // An error whose own properties throw cannot be described; that is what is said.
    const kind = error instanceof Error ? error.name : typeof error
    const message = `The CPI failed, and reading the failure failed too (${kind})`
    const wire = { type: cpiErrorTable.CloudError.wireName, message, ok_to_retry: false }
    return { document: encodeResponse({ result: null, error: wire, log: '' }), trace: message }
  }
}
