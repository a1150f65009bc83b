import type { Clock } from '../clock.ts'
import { ExchangeError } from './exchange.ts'
import { OpenStackError } from './openstack-error.ts'

/**
 * Waits for `shared` only as long as `signal` is not aborted, then throws kind `aborted`. The shared work goes on: other
 * callers wait for it too, for example the rollback of this call.
 */
export async function whileNotAborted<T>(shared: Promise<T>, signal: AbortSignal, during: string): Promise<T> {
  if (signal.aborted) throw aborted(signal, during)
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

const aborted = (signal: AbortSignal, during: string): OpenStackError =>
  new OpenStackError('aborted', `The call was interrupted during ${during}`, { cause: signal.reason })

/** How long a request whose result matters may go on when the call is interrupted, in milliseconds. */
const graceMs = 2_000

/**
 * Runs `work` with a signal that is aborted 2 s after `signal`, with an `ExchangeError` that says so: a service answers
 * most requests within this time, and a result that is known needs no look-up.
 */
export async function withGrace<R>(
  signal: AbortSignal,
  clock: Clock,
  work: (later: AbortSignal) => Promise<R>,
): Promise<R> {
  const breakOff = new AbortController()
  let finished: AbortController | undefined
  const begin = () => {
    finished = new AbortController()
    clock.sleep(graceMs, finished.signal).then(
      () => breakOff.abort(new ExchangeError('network', interruptedWhileWaiting, true)),
      () => undefined, // the work has ended
    )
  }
  if (signal.aborted) begin()
  else signal.addEventListener('abort', begin, { once: true })
  try {
    return await work(breakOff.signal)
  } finally {
    signal.removeEventListener('abort', begin)
    finished?.abort()
  }
}

const interruptedWhileWaiting = `The call was interrupted, and no answer came within ${graceMs / 1000} s`
