import { createServer, request as httpRequest, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { CloudDescription } from './cloud-description.ts'
import type { CountedRequest } from './counting-proxy.ts'

export interface CountingListener {
  /** The cloud by its other addresses: everything that starts here comes through the listener. */
  readonly cloud: CloudDescription
  /** The requests since the last call of `take`, and forgets them. */
  take(): readonly CountedRequest[]
  close(): Promise<void>
}

export interface CountingListenerOptions {
  /** Headers laid over those of each request to a service, by the origin of the service. */
  readonly headersFor?: (origin: string) => Readonly<Record<string, string>>
}

/**
 * A second address for each service of a cloud on plain HTTP, behind which requests are counted. Addresses in answers,
 * the catalog's above all, are replaced: also a client that knows no proxy, or none for loopback, stays inside.
 */
export async function openCountingListener(
  cloud: CloudDescription,
  options: CountingListenerOptions = {},
): Promise<CountingListener> {
  let seen: CountedRequest[] = []
  const origins = new Set([cloud.auth_url, ...Object.values(cloud.endpoints)].map((url) => new URL(url).origin))
  const listeners = new Map<string, string>()
  const servers: Server[] = []
  const inside = (text: string): string =>
    [...listeners].reduce(
      (known, [origin, listener]) => known.replaceAll(new RegExp(`${origin}(?!\\d)`, 'g'), listener),
      text,
    )

  for (const origin of origins) {
    const server = createServer((incoming, outgoing) => {
      const counted: CountedRequest = { method: incoming.method ?? '', url: origin + (incoming.url ?? ''), status: 0 }
      seen.push(counted)
      Object.assign(incoming.headers, options.headersFor?.(origin))
      forward(incoming, outgoing, origin, (answer) => {
        counted.status = answer.statusCode ?? 0
        return passBack(answer, outgoing, inside)
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo // listening on TCP
    listeners.set(origin, `http://127.0.0.1:${port}`)
    servers.push(server)
  }

  return {
    cloud: {
      ...cloud,
      auth_url: inside(cloud.auth_url),
      endpoints: Object.fromEntries(Object.entries(cloud.endpoints).map(([name, url]) => [name, inside(url)])),
    },
    take: () => {
      const taken = seen
      seen = []
      return taken
    },
    close: async () => {
      for (const server of servers) {
        server.close()
        server.closeAllConnections()
      }
    },
  }
}

function forward(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  origin: string,
  onAnswer: (answer: IncomingMessage) => void,
): void {
  const { host: _host, 'accept-encoding': _encoding, ...headers } = incoming.headers
  const request = httpRequest(`${origin}${incoming.url}`, { method: incoming.method, headers }, onAnswer)
  request.on('error', () => outgoing.destroy())
  outgoing.on('close', () => request.destroy())
  incoming.pipe(request)
}

/** JSON with other addresses in it; anything else as it comes. */
function passBack(answer: IncomingMessage, outgoing: ServerResponse, inside: (text: string) => string): void {
  const { location, 'content-length': length, 'transfer-encoding': _chunked, ...headers } = answer.headers
  if (location !== undefined) headers['location'] = inside(location)
  const status = answer.statusCode ?? 502
  if (!/json/.test(headers['content-type'] ?? '')) {
    outgoing.writeHead(status, { ...headers, ...(length === undefined ? {} : { 'content-length': length }) })
    answer.pipe(outgoing)
    return
  }
  const chunks: Buffer[] = []
  answer.on('data', (chunk: Buffer) => chunks.push(chunk))
  answer.on('end', () => {
    const body = Buffer.from(inside(Buffer.concat(chunks).toString('utf8')))
    outgoing.writeHead(status, { ...headers, 'content-length': body.length })
    outgoing.end(body)
  })
}
