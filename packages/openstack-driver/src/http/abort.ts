import { OpenStackError, type OpenStackErrorDetails } from './openstack-error.ts'

/** Throws kind `aborted` when the call was interrupted. */
export function throwIfAborted(signal: AbortSignal, during: string, details: OpenStackErrorDetails = {}): void {
  if (signal.aborted) throw aborted(signal, during, details)
}

/**
 * Waits for `shared` only as long as `signal` is not aborted, then throws kind `aborted`. The shared work goes on: other
 * callers wait for it too, for example the rollback of this call.
 */
export async function whileNotAborted<T>(shared: Promise<T>, signal: AbortSignal, during: string): Promise<T> {
  throwIfAborted(signal, during)
  let stop: () => void = () => undefined
  const interrupted = new Promise<never>((_, reject) => {
    stop = () => reject(aborted(signal, during))
    signal.addEventListener('abort', stop, { once: true })
  })
  try {
    return await Promise.race([shared, interrupted])
  } finally {
    signal.removeEventListener('abort', stop)
    shared.catch(() => undefined) // whoever still waits for it hears of its failure
  }
}

const aborted = (signal: AbortSignal, during: string, details: OpenStackErrorDetails = {}): OpenStackError =>
  new OpenStackError('aborted', `The call was interrupted during ${during}`, { ...details, cause: signal.reason })
