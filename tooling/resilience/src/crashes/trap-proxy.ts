import { once } from 'node:events'
import { Agent, createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { listenOnLoopback } from '@openstack-cpi/harness/loopback'

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
  /** @returns whether the sender is still there to go on */
  readonly spring: () => Promise<'gone' | 'there'>
}

export interface TrapProxy {
  /** For `connection_options.proxy`. */
  readonly url: string
  /** Forgets what was seen, and sets the next trap; none: everything passes. */
  arm(trap?: Trap): void
  /** Requests since then, as `POST /compute/v2.1/servers`. */
  seen(): readonly string[]
  /** Resolves once no request is on its way to the cloud any more. */
  idle(): Promise<void>
  close(): Promise<void>
}

/** Time that an interrupted sender gets to abort the stopped request, ms. */
const graceMs = 150

/** A forward proxy for plain HTTP on loopback that can stop a request at its two ends. */
export async function startTrapProxy(): Promise<TrapProxy> {
  const agent = new Agent({ keepAlive: true })
  let seen: string[] = []
  let trap: Trap | undefined
  const underWay = new Set<Promise<void>>()

  const pass = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const url = incoming.url ?? ''
    const sprung = trap?.n === seen.push(`${incoming.method} ${new URL(url).pathname}`) ? trap : undefined
    if (sprung?.moment === 'before' && !(await goesOn(sprung, outgoing))) return
    const answer = await forward(incoming, url)
    if (answer === undefined) return
    if (sprung?.moment === 'after' && !(await goesOn(sprung, outgoing))) return
    if (sprung?.moment === 'no-response') {
      await sprung.spring()
      if (!outgoing.destroyed) await once(outgoing, 'close')
      return
    }
    const { connection, 'transfer-encoding': encoding, ...headers } = answer.head.headers
    outgoing.writeHead(answer.head.statusCode ?? 502, headers)
    outgoing.end(answer.body)
  }

  const goesOn = async ({ spring }: Trap, outgoing: ServerResponse): Promise<boolean> => {
    if ((await spring()) === 'gone') return false
    await Promise.race([once(outgoing, 'close'), delay(graceMs)])
    return !outgoing.destroyed
  }

  /** Undefined when the sender broke off its request. */
  const forward = (incoming: IncomingMessage, url: string) =>
    new Promise<{ readonly head: IncomingMessage; readonly body: Buffer } | undefined>((resolve, reject) => {
      let isBrokenOff = false
      const onward = httpRequest(url, { method: incoming.method, headers: incoming.headers, agent }, (head) => {
        const chunks: Buffer[] = []
        head.on('data', (chunk: Buffer) => chunks.push(chunk))
        head.on('end', () => resolve({ head, body: Buffer.concat(chunks) }))
        head.on('error', reject)
      })
      onward.on('error', (error) => (isBrokenOff ? resolve(undefined) : reject(error)))
      incoming.on('close', () => {
        if (incoming.complete) return
        isBrokenOff = true
        onward.destroy()
        resolve(undefined)
      })
      incoming.pipe(onward)
    })

  const server = createServer((incoming, outgoing) => {
    const work = pass(incoming, outgoing)
      .catch(() => undefined)
      .finally(() => {
        if (!outgoing.writableEnded) outgoing.destroy()
        underWay.delete(work)
      })
    underWay.add(work)
  })
  const { url, close } = await listenOnLoopback(server)

  return {
    url,
    arm: (next) => {
      seen = []
      trap = next
    },
    seen: () => seen,
    idle: async () => {
      while (underWay.size > 0) await Promise.all(underWay)
    },
    close: async () => {
      agent.destroy()
      await close()
    },
  }
}
