/**
 * The closed set of failures a CPI can answer with, their names on the wire, and whether the caller may try the same
 * call again unless the thrower says otherwise (contract §4.1).
 */
export const cpiErrorTable = {
  CloudError: { wireName: 'Bosh::Clouds::CloudError', retriable: false, okToRetry: false },
  CpiError: { wireName: 'Bosh::Clouds::CpiError', retriable: false, okToRetry: false },
  NotImplemented: { wireName: 'Bosh::Clouds::NotImplemented', retriable: false, okToRetry: false },
  NotSupported: { wireName: 'Bosh::Clouds::NotSupported', retriable: false, okToRetry: false },
  VmNotFound: { wireName: 'Bosh::Clouds::VMNotFound', retriable: false, okToRetry: false },
  VmCreationFailed: { wireName: 'Bosh::Clouds::VMCreationFailed', retriable: true, okToRetry: false },
  DiskNotFound: { wireName: 'Bosh::Clouds::DiskNotFound', retriable: true, okToRetry: false },
  DiskNotAttached: { wireName: 'Bosh::Clouds::DiskNotAttached', retriable: true, okToRetry: false },
  NoDiskSpace: { wireName: 'Bosh::Clouds::NoDiskSpace', retriable: true, okToRetry: false },
  NetworkNotFound: { wireName: 'Bosh::Clouds::NetworkNotFound', retriable: false, okToRetry: false },
  InvalidCall: { wireName: 'InvalidCall', retriable: false, okToRetry: false },
} as const satisfies Record<string, { wireName: string; retriable: boolean; okToRetry: boolean }>

export type CpiErrorCode = keyof typeof cpiErrorTable

export interface CpiErrorOptions {
  /** What the operator should know led to this; walked when the answer is written. */
  readonly cause?: unknown
  /** Only for the retriable codes: may the caller send the same request again? */
  readonly okToRetry?: boolean
}

/** A failure with a place in the contract. Callers switch on `code`, never on the message. */
export class CpiError extends Error {
  override readonly name = 'CpiError'
  readonly code: CpiErrorCode
  readonly okToRetry: boolean

  constructor(code: CpiErrorCode, message: string, options: CpiErrorOptions = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined)
    this.code = code
    const row = cpiErrorTable[code]
    this.okToRetry = row.retriable && (options.okToRetry ?? row.okToRetry)
  }
}
