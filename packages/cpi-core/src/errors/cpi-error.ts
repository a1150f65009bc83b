/**
 * The closed set of failures a CPI can answer with, their names on the wire, and whether the caller reads `ok_to_retry`
 * (contract §4.1).
 */
export const cpiErrorTable = {
  CloudError: { wireName: 'Bosh::Clouds::CloudError', retriable: false },
  CpiError: { wireName: 'Bosh::Clouds::CpiError', retriable: false },
  NotImplemented: { wireName: 'Bosh::Clouds::NotImplemented', retriable: false },
  NotSupported: { wireName: 'Bosh::Clouds::NotSupported', retriable: false },
  VmNotFound: { wireName: 'Bosh::Clouds::VMNotFound', retriable: false },
  VmCreationFailed: { wireName: 'Bosh::Clouds::VMCreationFailed', retriable: true },
  DiskNotFound: { wireName: 'Bosh::Clouds::DiskNotFound', retriable: true },
  DiskNotAttached: { wireName: 'Bosh::Clouds::DiskNotAttached', retriable: true },
  NoDiskSpace: { wireName: 'Bosh::Clouds::NoDiskSpace', retriable: true },
  NetworkNotFound: { wireName: 'Bosh::Clouds::NetworkNotFound', retriable: false },
  InvalidCall: { wireName: 'InvalidCall', retriable: false },
} as const satisfies Record<string, { wireName: string; retriable: boolean }>

/** Names of the failures in code. */
export type CpiErrorCode = keyof typeof cpiErrorTable

/** The failures whose `ok_to_retry` a caller reads. */
export type RetriableErrorCode = {
  [Code in CpiErrorCode]: (typeof cpiErrorTable)[Code]['retriable'] extends true ? Code : never
}[CpiErrorCode]

/** What a failure may say besides its message. */
export type CpiErrorOptions<Code extends CpiErrorCode = CpiErrorCode> = Code extends RetriableErrorCode
  ? {
      /** What led to this failure. Its message is appended to the answer's message, unless that has it already. */
      readonly cause?: unknown
      /** May the caller send the same request again? Default: false. */
      readonly okToRetry?: boolean
    }
  : { readonly cause?: unknown; readonly okToRetry?: never }

/** Marks the errors of every copy of this package: two copies in one process have two classes. */
const brand = Symbol.for('cpi-core.CpiError')

/** A failure with a place in the contract. Callers switch on `code`, never on the message. */
export class CpiError<Code extends CpiErrorCode = CpiErrorCode> extends Error {
  override readonly name = 'CpiError'
  readonly code: Code
  /** False for every code that is not retriable. */
  readonly okToRetry: boolean
  readonly [brand] = true

  constructor(code: Code, message: string, options?: CpiErrorOptions<Code>) {
    super(message, options !== undefined && 'cause' in options ? { cause: options.cause } : undefined)
    this.code = code
    // A driver without types may name a code that does not exist: then it is any other failure (contract §4.2).
    this.okToRetry = (code in cpiErrorTable && cpiErrorTable[code].retriable && options?.okToRetry) || false
  }
}

/** True for a `CpiError`, also one of another copy of this package, where `instanceof` says false. */
export const isCpiError = (value: unknown): value is CpiError =>
  value instanceof Error && brand in value && 'code' in value && String(value.code) in cpiErrorTable
