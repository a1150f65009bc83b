/** Time as a wait needs it. Passed in, so that tests decide how it runs. */
export interface WaitClock {
  /** Milliseconds that never run backwards. */
  monotonicMs(): number
  /** Resolves after `ms`. Rejects immediately with `signal.reason` when the signal is or gets aborted. */
  sleep(ms: number, signal: AbortSignal): Promise<void>
}

/** The platform's clock and timers. */
export const systemWaitClock: WaitClock = {
  monotonicMs: () => performance.now(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason)
      const abort = (): void => {
        clearTimeout(timer)
        reject(signal.reason)
      }
      const timer = setTimeout(() => {
        signal.removeEventListener('abort', abort)
        resolve()
      }, ms)
      signal.addEventListener('abort', abort, { once: true })
    }),
}
