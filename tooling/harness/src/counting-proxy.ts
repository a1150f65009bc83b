import { createServer, request as httpRequest, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { connect, type Socket } from 'node:net'
import { pipeline } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import type { CloudDescription } from './cloud-description.ts'
import { type Loopback, listenOnLoopback } from './loopback.ts'

export interface CountedRequest {
  readonly method: string
  /** `host:port` of a CONNECT. */
  readonly url: string
  /** 0 while the answer is out. */
  status: number
}

/** Headers laid over those of each request to a service, by the origin of the service. */
type HeadersFor = (origin: string) => Readonly<Record<string, string>>

/**
 * A forward proxy on loopback that writes down what passes: requests are counted outside the program that makes them, on
 * any cloud alike. Of https only the tunnels are seen. `take` returns the requests since its last call, and forgets them.
 */
export async function startCountingProxy(headersFor: HeadersFor = () => ({})) {
  const seen: CountedRequest[] = []
  const server = countingServer(
    seen,
    ({ url = '', headers }) => ({ url, headers: { ...headers, ...headersFor(new URL(url).origin) } }),
    async (answer, outgoing) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(outgoing)
    },
  )
  server.on('connect', (incoming, client: Socket) => {
    const { hostname, port } = new URL(`http://${count(seen, incoming, incoming.url ?? '').url}`)
    const onward = connect(Number(port), hostname, () => client.write('HTTP/1.1 200 Connection Established\r\n\r\n'))
    // One end's error or end ends the other; who made the request gets to know by that.
    pipeline(client, onward, client, () => undefined)
  })
  return { ...(await listenOnLoopback(server)), take: (): readonly CountedRequest[] => seen.splice(0) }
}

/**
 * A second address for each service of a cloud on plain HTTP, behind which requests are counted. Addresses in answers,
 * the catalog's above all, are replaced: also a client that knows no proxy, or none for loopback, stays inside.
 * `cloud` is the cloud by these addresses, `take` as that of the proxy.
 */
export async function openCountingListener(cloud: CloudDescription) {
  const seen: CountedRequest[] = []
  const listeners = new Map<string, Loopback>()
  const inside = (text: string): string =>
    [...listeners].reduce(
      (known, [origin, { url }]) => known.replaceAll(new RegExp(`${origin}(?!\\d)`, 'g'), url),
      text,
    )
  const passBack = async (answer: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const { 'content-length': _length, 'transfer-encoding': _chunked, ...headers } = answer.headers
    const bytes = await buffer(answer)
    const body = /json/.test(headers['content-type'] ?? '') ? Buffer.from(inside(bytes.toString())) : bytes
    outgoing.writeHead(answer.statusCode ?? 502, {
      ...JSON.parse(inside(JSON.stringify(headers))),
      ...(body.length > 0 ? { 'content-length': body.length } : {}),
    })
    outgoing.end(body)
  }
  for (const address of [cloud.auth_url, ...Object.values(cloud.endpoints)]) {
    const { origin } = new URL(address)
    if (listeners.has(origin)) continue
    const onward = ({
      url = '',
      headers: { host: _host, 'accept-encoding': _encoding, ...headers },
    }: IncomingMessage) => ({
      url: origin + url,
      headers,
    })
    listeners.set(origin, await listenOnLoopback(countingServer(seen, onward, passBack)))
  }
  const endpoints = Object.entries(cloud.endpoints).map(([name, url]) => [name, inside(url)])
  return {
    cloud: { ...cloud, auth_url: inside(cloud.auth_url), endpoints: Object.fromEntries(endpoints) },
    take: (): readonly CountedRequest[] => seen.splice(0),
    close: async () => void (await Promise.all([...listeners.values()].map((listener) => listener.close()))),
  }
}

function count(seen: CountedRequest[], { method = '' }: IncomingMessage, url: string): CountedRequest {
  const counted = { method, url, status: 0 }
  seen.push(counted)
  return counted
}

/** Sends each request on to where `onward` says, and what comes back to `passBack`. */
function countingServer(
  seen: CountedRequest[],
  onward: (incoming: IncomingMessage) => { readonly url: string; readonly headers: IncomingMessage['headers'] },
  passBack: (answer: IncomingMessage, outgoing: ServerResponse) => Promise<void>,
): Server {
  return createServer((incoming, outgoing) => {
    const { url, headers } = onward(incoming)
    const counted = count(seen, incoming, url)
    const sent = httpRequest(url, { method: counted.method, headers }, (answer) => {
      counted.status = answer.statusCode ?? 502
      passBack(answer, outgoing).catch(() => outgoing.destroy()) // the service broke off its answer
    })
    sent.on('error', () => outgoing.destroy())
    outgoing.on('close', () => sent.destroy())
    incoming.pipe(sent)
  })
}
