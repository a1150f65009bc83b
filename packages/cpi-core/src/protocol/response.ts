import type { WireError } from '../errors/to-wire.ts'
import type { Json } from '../model/json.ts'

/** An answer: all three keys, always (contract §4). */
export type CpiResponse =
  | { readonly result: Json; readonly error: null; readonly log: string }
  | { readonly result: null; readonly error: WireError; readonly log: string }

/**
 * One JSON document of valid Unicode, with all three keys even if a driver written without types returned something
 * that JSON leaves out. Throws when `result` cannot be written, for example because it is nested without end.
 */
export const encodeResponse = ({ result, error, log }: CpiResponse): string =>
  `{"result":${encode(result)},"error":${encode(error)},"log":${encode(log)}}`

const encode = (value: unknown): string => {
  const text: string | undefined = JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'string' ? inner.toWellFormed() : inner,
  )
  return text ?? 'null'
}
