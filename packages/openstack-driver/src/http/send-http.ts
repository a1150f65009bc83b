import type { ClientRequest } from 'node:http'
import { Readable } from 'node:stream'
import got, { RequestError, TimeoutError } from 'got'
import type { Connections } from './connections.ts'
import {
  decodeBody,
  ExchangeError,
  type HttpRequest,
  type HttpResponse,
  networkError,
  requireSize,
  type SendHttp,
  type Timeouts,
} from './exchange.ts'
import { upload } from './upload.ts'

/**
 * The HTTP client of all requests. What to repeat is decided above it; an answer is passed on as it came: no redirect is
 * followed, no cookie kept, no encoding asked for, and no status is an error.
 */
const client = got.extend({
  retry: { limit: 0 },
  followRedirect: false,
  throwHttpErrors: false,
  decompress: false,
  responseType: 'buffer',
  headers: { 'user-agent': undefined },
})

/**
 * Sends over kept-alive connections with the configured time limits (driver spec §3.3): until connected; until the body is
 * sent; from there to the answer and between two pieces of it. All of an answer has a limit too.
 */
export const createSendHttp =
  (connections: Connections, timeouts: Timeouts): SendHttp =>
  (request) => {
    const { body } = request
    return body instanceof Readable
      ? upload(connections, timeouts, { ...request, body })
      : send(connections, timeouts, request)
  }

/** How long after the end of a connection its error may be told, in milliseconds. */
const closingMs = 500

async function send(connections: Connections, timeouts: Timeouts, request: HttpRequest): Promise<HttpResponse> {
  const { body, headers, method, signal, url } = request
  const agent = await connections.agentFor(url)
  signal?.throwIfAborted()
  const { connectTimeoutMs, readTimeoutMs, wholeAnswerTimeoutMs, writeTimeoutMs } = timeouts
  const stop = new AbortController()
  const interrupt = (): void => stop.abort(signal?.reason)
  signal?.addEventListener('abort', interrupt, { once: true })
  const progress = { isConnected: false, isAnswered: false }
  let connectTimer: NodeJS.Timeout | undefined
  const limitConnecting = (outgoing: ClientRequest): void => {
    const giveUp = () => stop.abort(ExchangeError.timeout('connect', connectTimeoutMs, false))
    connectTimer = setTimeout(giveUp, connectTimeoutMs)
    const connected = () => {
      progress.isConnected = true
      clearTimeout(connectTimer)
    }
    outgoing.once('socket', (socket) => {
      if (!socket.connecting) connected()
      else socket.once(url.protocol === 'https:' ? 'secureConnect' : 'connect', connected)
    })
  }
  let closeTimer: NodeJS.Timeout | undefined
  /** Node ends a request that is answered with another protocol (101) without an error, and the client waits for ever. */
  const noticeClosing = (outgoing: ClientRequest): void => {
    const giveUp = () =>
      stop.abort(new ExchangeError('network', 'The connection was closed without an answer', progress.isConnected))
    outgoing.once('close', () => {
      if (!progress.isAnswered) closeTimer = setTimeout(giveUp, closingMs)
    })
  }
  try {
    const sending = client(url, {
      method: method as 'GET', // any method that a service module names
      headers: { ...headers },
      ...(typeof body === 'string' ? { body } : {}),
      agent,
      signal: stop.signal,
      timeout: {
        send: writeTimeoutMs,
        response: readTimeoutMs,
        socket: readTimeoutMs,
        read: wholeAnswerTimeoutMs,
      },
    })
    sending.on('request', limitConnecting)
    sending.on('request', noticeClosing)
    sending.on('response', () => {
      progress.isAnswered = true
    })
    sending.on('downloadProgress', ({ transferred }) => {
      try {
        requireSize(transferred)
      } catch (error) {
        stop.abort(error)
      }
    })
    const { statusCode, headers: received, rawBody } = await sending
    return { status: statusCode, headers: received, body: await decodeBody(rawBody, received['content-encoding']) }
  } catch (error) {
    if (signal?.aborted) throw signal.reason
    if (stop.signal.aborted) throw stop.signal.reason
    throw failure(error, timeouts, progress)
  } finally {
    clearTimeout(connectTimer)
    clearTimeout(closeTimer)
    signal?.removeEventListener('abort', interrupt)
  }
}

/** The one place where the client's errors become the driver's. */
function failure(
  error: unknown,
  { readTimeoutMs, wholeAnswerTimeoutMs, writeTimeoutMs }: Timeouts,
  { isConnected, isAnswered }: { readonly isConnected: boolean; readonly isAnswered: boolean },
): unknown {
  if (error instanceof TimeoutError) {
    if (error.event === 'send') return ExchangeError.timeout('send the request', writeTimeoutMs, isConnected)
    if (error.event === 'read') {
      return ExchangeError.timeout('read the whole answer', wholeAnswerTimeoutMs, isConnected)
    }
    return ExchangeError.timeout(isAnswered ? 'read the answer' : 'get an answer', readTimeoutMs, isConnected)
  }
  const cause = error instanceof RequestError && error.cause instanceof Error ? error.cause : error
  return networkError(cause, isConnected)
}
