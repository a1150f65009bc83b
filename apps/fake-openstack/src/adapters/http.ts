import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream as NodeReadableStream } from 'node:stream/web'
import type { Upload } from '../kernel/exchange.ts'
import type { Outcome } from '../kernel/fault-effects.ts'
import type { Answer } from '../kernel/reply.ts'
import { pieces } from './broken-answer.ts'

/** Bodies up to this size are read as a whole; larger ones, and those of unknown size, stream. */
const bufferedBytes = 256 * 1024

/** The function that answers the listener's requests. */
export type Exchange = (request: Request, upload?: Upload) => Promise<Outcome>

export interface Listener {
  url: string
  port: number
  close(): Promise<void>
}

export interface ListenOptions {
  /** 0 (default) takes a free port. */
  port?: number
  /** Loopback only; `127.0.0.1` by default. */
  host?: '127.0.0.1' | '::1' | 'localhost'
  /** Serve HTTPS with this certificate and key, both PEM. Every URL in the answers is https then. */
  tls?: { cert: string | Buffer; key: string | Buffer }
}

/**
 * Serves a cloud over HTTP or HTTPS on the loopback interface. Rejects with the system's error when the port is taken.
 * @param nowMs the cloud's time, for the header `Date`: what else answers say of time is of the same clock
 */
export const serveHttp = async (
  exchange: Exchange,
  nowMs: () => number,
  options: ListenOptions = {},
): Promise<Listener> => {
  const host = options.host ?? '127.0.0.1'
  const scheme = options.tls ? 'https' : 'http'
  const answer = (incoming: IncomingMessage, outgoing: ServerResponse): void => {
    const dated: Exchange = async (...given) => {
      const outcome = await exchange(...given)
      outgoing.setHeader('date', new Date(nowMs()).toUTCString())
      return outcome
    }
    serve(dated, scheme, incoming, outgoing).catch((error: unknown) => {
      // The client went away, or the body broke off: no client is left to tell.
      outgoing.destroy(error instanceof Error ? error : undefined)
    })
  }
  const settings = { keepAliveTimeout: 75_000, requestTimeout: 0 }
  const server = options.tls ? createTlsServer({ ...settings, ...options.tls }, answer) : createServer(settings, answer)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port ?? 0, host, resolve)
  })
  const { port } = server.address() as AddressInfo // a TCP server that listens has an address with a port
  return { url: `${scheme}://${host === '::1' ? '[::1]' : host}:${port}`, port, close: () => stop(server) }
}

const stop = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })

const serve = async (
  exchange: Exchange,
  scheme: 'http' | 'https',
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> => {
  if (!isSensible(scheme, incoming)) {
    outgoing.writeHead(400, { 'content-type': 'text/plain', connection: 'close' }).end('Bad Request\n')
    return
  }
  const body = await bodyOf(incoming)
  const outcome = await exchange(requestOf(scheme, incoming, body), body.upload)
  // Clients read the answer when they have written the whole body, and the connection serves the next request: what
  // no handler read is thrown away.
  await body.stream?.return()
  incoming.resume()
  switch (outcome.kind) {
    case 'reset':
    case 'refused':
      incoming.socket.resetAndDestroy()
      return
    case 'silent':
      return
    case 'truncated':
      await sendPart(outcome.answer, outcome.bytes, incoming, outgoing)
      return
    case 'slow':
      await sendSlowly(outcome, outgoing)
      return
    case 'answer':
      await send(outcome.answer, outgoing)
  }
}

/** The body of a request: bytes that were read as a whole, or a stream; an upload goes beside the request. */
interface Body {
  bytes?: Buffer<ArrayBuffer>
  stream?: Upload
  upload?: Upload
}

const bodyOf = async (incoming: IncomingMessage): Promise<Body> => {
  const { method, headers } = incoming
  if (headers['content-type'] === 'application/octet-stream') {
    const upload = received(incoming, { isGivenBack: true })
    return { stream: upload, upload }
  }
  if (method === 'GET' || method === 'HEAD') return {}
  const length = headers['content-length']
  if (length === undefined && headers['transfer-encoding'] === undefined) return {}
  if (!(Number(length) <= bufferedBytes)) return { stream: received(incoming, { isGivenBack: false }) }
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk as Buffer) // without an encoding set, chunks are buffers
  return { bytes: Buffer.concat(chunks) }
}

/**
 * The bytes of a large body as they come from the socket. A handler that stops reading early still gets an answer, so the
 * socket is not destroyed then. With `isGivenBack` the memory of a chunk is given back when the next one is asked for;
 * the collector would only do so after some forty MiB. (An upload is read so, beside the request, because a web stream
 * would keep twice as many bytes in memory.)
 */
async function* received(incoming: IncomingMessage, { isGivenBack }: { isGivenBack: boolean }): Upload {
  const chunks = incoming.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer<ArrayBuffer>> // no encoding is set
  for await (const chunk of chunks) {
    yield chunk
    if (isGivenBack && chunk.byteLength === chunk.buffer.byteLength) chunk.buffer.transfer(0)
  }
}

const urlOf = (scheme: string, incoming: IncomingMessage): string =>
  `${scheme}://${incoming.headers.host ?? 'localhost'}${incoming.url ?? '/'}`

/** Whether a `Request` can be made of it: `TRACE`, proxy-style addresses and nonsense for a host cannot. */
const isSensible = (scheme: string, incoming: IncomingMessage): boolean =>
  incoming.method !== 'TRACE' && (incoming.url ?? '/').startsWith('/') && URL.canParse(urlOf(scheme, incoming))

const requestOf = (scheme: string, incoming: IncomingMessage, { bytes, stream, upload }: Body): Request => {
  const headers: [string, string][] = []
  for (let i = 0; i + 1 < incoming.rawHeaders.length; i += 2) {
    headers.push([incoming.rawHeaders[i] ?? '', incoming.rawHeaders[i + 1] ?? ''])
  }
  // A `Request` without the header accepts anything, as `fetch` does; a client that sends none, nothing in particular.
  if (incoming.headers.accept === undefined) headers.push(['accept', ''])
  const method = incoming.method ?? 'GET'
  const url = urlOf(scheme, incoming)
  if (bytes) return new Request(url, { method, headers, body: bytes })
  if (!stream || upload) return new Request(url, { method, headers })
  return new Request(url, { method, headers, body: ReadableStream.from(stream), duplex: 'half' })
}

const writeHead = (outgoing: ServerResponse, answer: Answer, length: number | undefined): void => {
  const headers = length === undefined ? answer.headers : { ...answer.headers, 'content-length': String(length) }
  if (answer.statusText === '') outgoing.writeHead(answer.status, headers)
  else outgoing.writeHead(answer.status, answer.statusText, headers)
}

const send = async (answer: Answer, outgoing: ServerResponse): Promise<void> => {
  const { body } = answer
  if (body instanceof ReadableStream) {
    writeHead(outgoing, answer, undefined)
    await pipeline(Readable.fromWeb(body as NodeReadableStream), outgoing) // one type under two declarations
    return
  }
  const isSized = answer.status === 204 || answer.headers['content-length'] !== undefined
  writeHead(outgoing, answer, isSized ? undefined : body === null ? 0 : Buffer.byteLength(body))
  outgoing.end(body ?? undefined)
}

const sendSlowly = async (outcome: Outcome & { kind: 'slow' }, outgoing: ServerResponse): Promise<void> => {
  const whole = new Uint8Array(await new Response(outcome.answer.body).arrayBuffer())
  writeHead(outgoing, outcome.answer, outcome.answer.status === 204 ? undefined : whole.byteLength)
  outgoing.flushHeaders()
  await pipeline(pieces(whole, outcome), outgoing)
}

/** Promises the whole body, sends some bytes of it and cuts the connection. */
const sendPart = async (
  answer: Answer,
  bytes: number,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> => {
  const whole = Buffer.from(await new Response(answer.body).arrayBuffer())
  writeHead(outgoing, answer, whole.length)
  outgoing.flushHeaders()
  outgoing.write(whole.subarray(0, Math.min(bytes, Math.max(0, whole.length - 1))), () => incoming.socket.destroy())
}
