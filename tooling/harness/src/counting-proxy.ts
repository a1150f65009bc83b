import { createServer, request as httpRequest } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface CountedRequest {
  readonly method: string
  readonly url: string
  /** 0 while the answer is out. */
  status: number
}

export interface CountingProxy {
  /** For `connection_options.proxy`. */
  readonly url: string
  /** The requests since the last call of `take`, and forgets them. */
  take(): readonly CountedRequest[]
  close(): Promise<void>
}

/**
 * A forward proxy for plain HTTP on loopback that writes down what passes: requests are counted outside the program
 * that makes them, on any cloud alike.
 */
export async function startCountingProxy(): Promise<CountingProxy> {
  let seen: CountedRequest[] = []
  const server = createServer((incoming, outgoing) => {
    const counted: CountedRequest = { method: incoming.method ?? '', url: incoming.url ?? '', status: 0 }
    seen.push(counted)
    const forward = httpRequest(counted.url, { method: counted.method, headers: incoming.headers }, (answer) => {
      counted.status = answer.statusCode ?? 0
      outgoing.writeHead(counted.status, answer.headers)
      answer.pipe(outgoing)
    })
    forward.on('error', () => outgoing.destroy())
    outgoing.on('close', () => forward.destroy())
    incoming.pipe(forward)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // listening on TCP
  return {
    url: `http://127.0.0.1:${port}`,
    take: () => {
      const taken = seen
      seen = []
      return taken
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
