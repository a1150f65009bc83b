import type { Clock } from '@openstack-cpi/openstack-driver'
import type { FakeOpenStack } from 'fake-openstack'

interface Sleeper {
  readonly atMs: number
  readonly wake: () => void
}

/**
 * The cloud's clock as the driver's. Sleeping takes no time: once nothing is in progress, the clock jumps to the
 * moment at which the next sleeper is due, so waits side by side take as long as the longest of them.
 */
export class VirtualTime implements Clock {
  readonly #cloud: FakeOpenStack
  readonly #startMs: number
  readonly #limitMs: number
  readonly #tooLong: (why: string) => void
  #sleepers: Sleeper[] = []
  #underWay = 0
  #isPumping = false

  /** @param tooLong told when `limitMs` is exceeded; nothing wakes any more then */
  constructor(cloud: FakeOpenStack, limitMs: number, tooLong: (why: string) => void) {
    this.#cloud = cloud
    this.#startMs = cloud.clock.now()
    this.#limitMs = limitMs
    this.#tooLong = tooLong
  }

  nowMs(): number {
    return this.#cloud.clock.now()
  }

  monotonicMs(): number {
    return this.#cloud.clock.now() - this.#startMs
  }

  sleep(ms: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    return new Promise((resolve) => {
      this.#sleepers.push({ atMs: this.nowMs() + ms, wake: resolve })
      this.#pump()
    })
  }

  /** The time that a request takes; the clock does not jump meanwhile. */
  async during<R>(work: () => Promise<R>): Promise<R> {
    this.#underWay += 1
    try {
      return await work()
    } finally {
      this.#underWay -= 1
      this.#pump()
    }
  }

  /** After everything that can go on without time has gone on. */
  #pump(): void {
    if (this.#isPumping) return
    this.#isPumping = true
    setImmediate(() => {
      this.#isPumping = false
      if (this.#underWay === 0) this.#wakeNext()
    })
  }

  #wakeNext(): void {
    const [next] = this.#sleepers.toSorted((a, b) => a.atMs - b.atMs)
    if (next === undefined) return
    if (next.atMs - this.#startMs > this.#limitMs) {
      this.#tooLong(`the call goes on after ${this.#limitMs / 1000} s`)
      return
    }
    this.#sleepers = this.#sleepers.filter((sleeper) => sleeper !== next)
    this.#cloud.clock.advance(Math.max(0, next.atMs - this.nowMs()))
    next.wake()
    this.#pump()
  }
}
