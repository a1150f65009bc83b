import { setImmediate as turn } from 'node:timers/promises'
import type { Clock } from '@openstack-cpi/openstack-driver'
import type { FakeOpenStack } from 'fake-openstack'

/**
 * The cloud's clock for many calls at once: when nobody can go on without time, it jumps to the moment at which the next
 * sleeper is due. Nothing takes real time but the work itself.
 */
export class VirtualClock implements Clock {
  readonly #cloud: FakeOpenStack
  readonly #startMs: number
  readonly #sleepers: { readonly atMs: number; readonly wake: () => void }[] = []
  #underWay = 0

  constructor(cloud: FakeOpenStack) {
    this.#cloud = cloud
    this.#startMs = cloud.clock.now()
  }

  nowMs(): number {
    return this.#cloud.clock.now()
  }

  monotonicMs(): number {
    return this.nowMs() - this.#startMs
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted()
    return new Promise((wake) => this.#sleepers.push({ atMs: this.nowMs() + ms, wake }))
  }

  /** Work that needs turns of the event loop, but no time of the cloud. */
  async during<R>(work: () => Promise<R>): Promise<R> {
    this.#underWay++
    try {
      return await work()
    } finally {
      this.#underWay--
    }
  }

  /** Lets time pass until the work is done. Throws when nobody is left who could go on. */
  async runUntilDone<R>(work: Promise<R>): Promise<R> {
    let isDone = false
    const ended = work.finally(() => {
      isDone = true
    })
    ended.catch(() => undefined) // reported below
    for (let idleTurns = 0; !isDone; ) {
      await turn()
      if (this.#underWay > 0) continue
      // A call that has just woken may take some turns before it sleeps or asks again.
      if (++idleTurns < 4) continue
      idleTurns = 0
      this.#wakeNext()
    }
    return await ended
  }

  #wakeNext(): void {
    let next = 0
    for (const [index, { atMs }] of this.#sleepers.entries()) {
      if (atMs < (this.#sleepers[next]?.atMs ?? Number.POSITIVE_INFINITY)) next = index
    }
    const [sleeper] = this.#sleepers.splice(next, 1)
    if (sleeper === undefined) return
    this.#cloud.clock.advance(Math.max(0, sleeper.atMs - this.nowMs()))
    sleeper.wake()
  }
}
