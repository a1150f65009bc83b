import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http'
import { connect, type Socket } from 'node:net'
import type { CloudDescription } from './cloud-description.ts'
import { type Loopback, listenOnLoopback } from './loopback.ts'

export interface CountedRequest {
  readonly method: string
  /** `host:port` of a CONNECT. */
  readonly url: string
  /** 0 while the answer is out. */
  status: number
}

export interface CountingProxy extends Loopback {
  /** The requests since the last call of `take`, and forgets them. */
  take(): readonly CountedRequest[]
}

/** Headers laid over those of each request to a service, by the origin of the service. */
type HeadersFor = (origin: string) => Readonly<Record<string, string>>

/**
 * A forward proxy on loopback that writes down what passes: requests are counted outside the program that makes them, on
 * any cloud alike. Of https only the tunnels are seen.
 */
export async function startCountingProxy(headersFor: HeadersFor = () => ({})): Promise<CountingProxy> {
  const seen: CountedRequest[] = []
  const server = createServer((incoming, outgoing) => {
    const counted = count(seen, incoming, incoming.url ?? '')
    const headers = { ...incoming.headers, ...headersFor(new URL(counted.url).origin) }
    forward(incoming, outgoing, counted, headers, (answer) => {
      outgoing.writeHead(counted.status, answer.headers)
      answer.pipe(outgoing)
    })
  })
  server.on('connect', (incoming, client: Socket) => {
    const { hostname, port } = new URL(`http://${count(seen, incoming, incoming.url ?? '').url}`)
    const onward = connect(Number(port), hostname, () => client.write('HTTP/1.1 200 Connection Established\r\n\r\n'))
    for (const [one, other] of [
      [client, onward],
      [onward, client],
    ] as const) {
      one.on('error', () => one.destroy()).on('close', () => other.destroy())
    }
    client.pipe(onward).pipe(client)
  })
  return { ...(await listenOnLoopback(server)), take: () => seen.splice(0) }
}

export interface CountingListener {
  /** The cloud by its other addresses: everything that starts here comes through the listener. */
  readonly cloud: CloudDescription
  take(): readonly CountedRequest[]
  close(): Promise<void>
}

/**
 * A second address for each service of a cloud on plain HTTP, behind which requests are counted. Addresses in answers,
 * the catalog's above all, are replaced: also a client that knows no proxy, or none for loopback, stays inside.
 */
export async function openCountingListener(cloud: CloudDescription): Promise<CountingListener> {
  const seen: CountedRequest[] = []
  const listeners = new Map<string, Loopback>()
  const inside = (text: string): string =>
    [...listeners].reduce(
      (known, [origin, { url }]) => known.replaceAll(new RegExp(`${origin}(?!\\d)`, 'g'), url),
      text,
    )
  for (const address of [cloud.auth_url, ...Object.values(cloud.endpoints)]) {
    const { origin } = new URL(address)
    if (listeners.has(origin)) continue
    const server = createServer((incoming, outgoing) => {
      const { host: _host, 'accept-encoding': _encoding, ...headers } = incoming.headers
      const counted = count(seen, incoming, origin + (incoming.url ?? ''))
      forward(incoming, outgoing, counted, headers, (answer) => passBack(answer, outgoing, inside))
    })
    listeners.set(origin, await listenOnLoopback(server))
  }
  const endpoints = Object.entries(cloud.endpoints).map(([name, url]) => [name, inside(url)])
  return {
    cloud: { ...cloud, auth_url: inside(cloud.auth_url), endpoints: Object.fromEntries(endpoints) },
    take: () => seen.splice(0),
    close: async () => void (await Promise.all([...listeners.values()].map((listener) => listener.close()))),
  }
}

function count(seen: CountedRequest[], { method = '' }: IncomingMessage, url: string): CountedRequest {
  const counted = { method, url, status: 0 }
  seen.push(counted)
  return counted
}

function forward(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  counted: CountedRequest,
  headers: IncomingMessage['headers'],
  onAnswer: (answer: IncomingMessage) => void,
): void {
  const onward = httpRequest(counted.url, { method: counted.method, headers }, (answer) => {
    counted.status = answer.statusCode ?? 502
    onAnswer(answer)
  })
  onward.on('error', () => outgoing.destroy())
  outgoing.on('close', () => onward.destroy())
  incoming.pipe(onward)
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
