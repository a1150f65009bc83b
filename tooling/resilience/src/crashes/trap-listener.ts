import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { setTimeout as delay } from 'node:timers/promises'
import { listenOnLoopback } from '@openstack-cpi/harness/loopback'
import type { FakeOpenStack } from 'fake-openstack'

/**
 * When a request is stopped: before the cloud gets it, or after the cloud answered it. `no-response`: after that too, and its
 * sender never gets the answer.
 */
export type Moment = 'before' | 'after' | 'no-response'

/** Stops one request, for something to happen to its sender. */
export interface Trap {
  /** Number of the request, from 1. */
  readonly n: number
  readonly moment: Moment
  readonly spring: () => Promise<unknown>
  /** Whether the sender dies of it. */
  readonly isFatal: boolean
}

/** Time that an interrupted sender gets to abort the stopped request, ms. */
const graceMs = 150

/** A fake cloud on loopback that can stop a request at its two ends. */
export async function startTrapListener(cloud: FakeOpenStack) {
  let seen = 0
  let trap: Trap | undefined
  const underWay = new Set<Promise<void>>()

  const pass = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    seen += 1
    const sprung = trap?.n === seen ? trap : undefined
    const stopAt = async (moment: Moment): Promise<void> => {
      if (sprung?.moment !== moment) return
      await sprung.spring()
      // A dead sender of an upload is not noticed: what it sent fills the connection, and nobody reads it.
      if (sprung.isFatal) outgoing.destroy()
      if (outgoing.destroyed) return
      const closed = once(outgoing, 'close')
      await (moment === 'no-response' ? closed : Promise.race([closed, delay(graceMs)]))
    }
    await stopAt('before')
    if (outgoing.destroyed) return
    const answer = await answerOf(cloud, incoming)
    await stopAt('after')
    await stopAt('no-response')
    if (outgoing.destroyed) return
    outgoing.writeHead(answer.status, Object.fromEntries(answer.headers))
    outgoing.end(Buffer.from(await answer.arrayBuffer()))
  }

  const server = createServer((incoming, outgoing) => {
    const work = pass(incoming, outgoing)
      .catch(() => undefined) // the sender broke off its request
      .finally(() => {
        if (!outgoing.writableEnded) outgoing.destroy()
        underWay.delete(work)
      })
    underWay.add(work)
  })
  return {
    ...(await listenOnLoopback(server)),
    /** Counts requests from here on, and sets the next trap; none: everything passes. */
    arm: (next?: Trap): void => {
      seen = 0
      trap = next
    },
    /** Resolves once no request is in progress any more. */
    idle: async (): Promise<void> => {
      while (underWay.size > 0) await Promise.all(underWay)
    },
  }
}

/** The cloud's answer. Rejects when the sender does not send its whole request. */
async function answerOf(cloud: FakeOpenStack, incoming: IncomingMessage): Promise<Response> {
  const { method = 'GET', url = '/' } = incoming
  const headers = Object.entries(incoming.headers).map(([name, value]): [string, string] => [name, String(value)])
  const body = await buffer(incoming)
  const sent = method === 'GET' || method === 'HEAD' ? {} : { body }
  return await cloud.fetch(new URL(url, `http://${incoming.headers.host}`), { method, headers, ...sent })
}
