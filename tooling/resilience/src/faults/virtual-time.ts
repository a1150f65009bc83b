import type { Clock } from '@openstack-cpi/openstack-driver'
import type { FakeOpenStack } from 'fake-openstack'

export interface VirtualTime extends Clock {
  /** The time that a request takes; the clock does not jump meanwhile. */
  during<R>(work: () => Promise<R>): Promise<R>
}

/**
 * The cloud's clock as the driver's. Sleeping takes no time: once nothing is in progress, the clock jumps to the
 * moment at which the next sleeper is due, so waits side by side take as long as the longest of them.
 * @param tooLong told when a sleeper is due later than `limitMs`; nothing wakes any more then
 */
export function virtualTime({ clock }: FakeOpenStack, limitMs: number, tooLong: (why: string) => void): VirtualTime {
  const startMs = clock.now()
  let sleepers: readonly { readonly atMs: number; readonly wake: () => void }[] = []
  let underWay = 0
  let isPumping = false

  const wakeNext = (): void => {
    const [next] = sleepers.toSorted((a, b) => a.atMs - b.atMs)
    if (next === undefined) return
    if (next.atMs - startMs > limitMs) {
      tooLong(`the call goes on after ${limitMs / 1000} s`)
      return
    }
    sleepers = sleepers.filter((sleeper) => sleeper !== next)
    clock.advance(Math.max(0, next.atMs - clock.now()))
    next.wake()
    pump()
  }

  /** After everything that can go on without time has gone on. */
  const pump = (): void => {
    if (isPumping) return
    isPumping = true
    setImmediate(() => {
      isPumping = false
      if (underWay === 0) wakeNext()
    })
  }

  return {
    nowMs: () => clock.now(),
    monotonicMs: () => clock.now() - startMs,
    sleep: (ms, signal) => {
      signal.throwIfAborted()
      return new Promise((resolve) => {
        sleepers = [...sleepers, { atMs: clock.now() + ms, wake: resolve }]
        pump()
      })
    },
    during: async (work) => {
      underWay += 1
      try {
        return await work()
      } finally {
        underWay -= 1
        pump()
      }
    },
  }
}
