import { Readable } from 'node:stream'
import { type Clock, ExchangeError, type HttpRequest, type SendHttp } from '@openstack-cpi/openstack-driver'
import type { FakeOpenStack } from 'fake-openstack'

/** Puts something between the driver and the network of one call. */
export type Through = (send: SendHttp) => SendHttp

/** The driver's default for `connection_options.read_timeout`. */
const readTimeoutMs = 60_000

/** Connects the driver to a fake cloud in the same process: failures are as over sockets, the time they take is the cloud's. */
export function simulatedNetwork(cloud: FakeOpenStack, time: VirtualTime, through: Through): SendHttp {
  const send = through(async (request) => {
    const outcome = await cloud.exchange(toRequest(request))
    switch (outcome.kind) {
      case 'reset':
        throw new ExchangeError('network', 'read ECONNRESET', true)
      case 'refused':
        throw new ExchangeError('network', 'connect ECONNREFUSED', false)
      case 'silent':
        cloud.clock.advance(readTimeoutMs)
        throw new ExchangeError('timeout', `Could not get an answer within ${readTimeoutMs / 1000} s`, true)
    }
    const { status, headers, body } = outcome.answer
    const text = typeof body === 'string' ? body : await new Response(body).text()
    if (outcome.kind === 'truncated' && text !== '') throw new ExchangeError('network', 'aborted', true)
    if (outcome.kind === 'slow') cloud.clock.advance(Math.ceil(text.length / outcome.bytes) * outcome.everyMs)
    return { status, headers, body: text }
  })
  return (request) =>
    time.during(async () => {
      request.signal?.throwIfAborted()
      return await send(request)
    })
}

function toRequest({ method, url, headers, body }: HttpRequest): Request {
  const sent = body instanceof Readable ? { body: Readable.toWeb(body), duplex: 'half' } : { body }
  return new Request(url, { method, headers, ...sent } as RequestInit) // Node's stream is the global one by another name
}

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
