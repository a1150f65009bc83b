import type { ClientRequest, IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import type { ConnectionOptions } from '../config/openstack-config.ts'
import type { Connections } from './connections.ts'
import { ExchangeError, type HttpRequest, type HttpResponse, type SendHttp } from './exchange.ts'

/** No list page or document of a cloud comes near it; it bounds what a broken or hostile answer can take. */
const largestBodyBytes = 64 * 1024 * 1024

/** An answer that trickles in takes at most so many times `read_timeout`; each piece of it may take one. */
const slowestAnswer = 10

export interface Timeouts extends Pick<ConnectionOptions, 'connectTimeoutMs' | 'readTimeoutMs' | 'writeTimeoutMs'> {
  /** Instead of `readTimeoutMs` between the last byte of a stream and its answer: backends take minutes to store it. */
  readonly uploadAnswerTimeoutMs: number
}

/**
 * Sends over kept-alive connections with three time limits (driver spec §3.3): until connected; between two steps of
 * sending; from the last byte sent to the answer and between two steps of reading it. All of an answer has a limit too.
 */
export const createSendHttp =
  (connections: Connections, timeouts: Timeouts): SendHttp =>
  async (request) => {
    request.signal?.throwIfAborted()
    const { body, method, headers, signal } = request
    const sent = typeof body === 'string' ? { ...headers, 'content-length': String(Buffer.byteLength(body)) } : headers
    const outgoing = await connections.start(request.url, { method, headers: sent, ...(signal ? { signal } : {}) })
    return await new Exchange(outgoing, request, timeouts).run()
  }

/** One request on its way: knows how far it came, which decides how its failure is told. */
class Exchange {
  readonly #outgoing: ClientRequest
  readonly #request: HttpRequest
  readonly #timeouts: Timeouts
  #isConnected = false
  #timer: NodeJS.Timeout | undefined
  #patience: NodeJS.Timeout | undefined
  #reject: (error: unknown) => void = () => undefined

  constructor(outgoing: ClientRequest, request: HttpRequest, timeouts: Timeouts) {
    this.#outgoing = outgoing
    this.#request = request
    this.#timeouts = timeouts
  }

  async run(): Promise<HttpResponse> {
    try {
      return await new Promise<HttpResponse>((resolve, reject) => {
        this.#reject = reject
        this.#watchConnection()
        this.#outgoing.once('response', (incoming) => this.#receive(incoming, resolve))
        this.#outgoing.on('error', (error) => reject(this.#failure(error)))
        this.#send()
      })
    } finally {
      clearTimeout(this.#timer)
      clearTimeout(this.#patience)
    }
  }

  #watchConnection(): void {
    const { connectTimeoutMs, readTimeoutMs, uploadAnswerTimeoutMs, writeTimeoutMs } = this.#timeouts
    const answerTimeoutMs = typeof this.#request.body === 'object' ? uploadAnswerTimeoutMs : readTimeoutMs
    this.#limit(connectTimeoutMs, 'connect')
    const connected = (): void => {
      this.#isConnected = true
      if (this.#outgoing.writableFinished) this.#limit(answerTimeoutMs, 'get an answer')
      else this.#limit(writeTimeoutMs, 'send the request')
    }
    this.#outgoing.once('socket', (socket) => {
      if (!socket.connecting) connected()
      else socket.once(this.#request.url.protocol === 'https:' ? 'secureConnect' : 'connect', connected)
    })
    this.#outgoing.once('finish', () => {
      if (this.#isConnected) this.#limit(answerTimeoutMs, 'get an answer')
    })
  }

  #send(): void {
    const { body } = this.#request
    if (body === undefined || typeof body === 'string') this.#outgoing.end(body)
    else this.#stream(body)
  }

  /** By hand rather than by `pipeline`, which would destroy a connection whose answer came before the body's end. */
  #stream(body: Readable): void {
    const outgoing = this.#outgoing
    const moved = (): void => {
      if (this.#isConnected) this.#limit(this.#timeouts.writeTimeoutMs, 'send the request')
    }
    body.on('data', (chunk: Buffer) => {
      moved()
      const sent = (error?: Error | null): void => {
        if (!error) this.#request.onSent?.(chunk)
      }
      if (!outgoing.write(chunk, sent)) body.pause()
    })
    outgoing.on('drain', () => {
      moved()
      body.resume()
    })
    body.once('end', () => outgoing.end())
    const fail = (error: Error): void => {
      outgoing.destroy()
      this.#reject(error)
    }
    if (body.errored === null) body.once('error', fail)
    else fail(body.errored)
    outgoing.once('close', () => body.destroy())
  }

  #receive(incoming: IncomingMessage, resolve: (response: HttpResponse) => void): void {
    const chunks: Buffer[] = []
    let bytes = 0
    this.#limit(this.#timeouts.readTimeoutMs, 'read the answer')
    this.#patience = this.#after(this.#timeouts.readTimeoutMs * slowestAnswer, 'read the whole answer')
    incoming.on('data', (chunk: Buffer) => {
      this.#limit(this.#timeouts.readTimeoutMs, 'read the answer')
      chunks.push(chunk)
      bytes += chunk.length
      if (bytes > largestBodyBytes) this.#breakOff('too-large', `The answer is larger than ${largestBodyBytes} bytes`)
    })
    incoming.once('error', (error) => this.#reject(this.#failure(error)))
    incoming.once('end', () => {
      // An answer before the end of an upload is final: nobody reads the rest.
      if (!this.#outgoing.writableFinished) this.#outgoing.destroy()
      const { statusCode = 0, headers } = incoming
      resolve({ status: statusCode, headers, body: Buffer.concat(chunks).toString('utf8') })
    })
  }

  #limit(timeoutMs: number, step: string): void {
    clearTimeout(this.#timer)
    this.#timer = this.#after(timeoutMs, step)
  }

  #after(timeoutMs: number, step: string): NodeJS.Timeout {
    return setTimeout(() => this.#breakOff('timeout', `Could not ${step} within ${timeoutMs / 1000} s`), timeoutMs)
  }

  #breakOff(reason: ExchangeError['reason'], message: string): void {
    const error = new ExchangeError(reason, message, this.#isConnected)
    this.#reject(error)
    this.#outgoing.destroy(error)
  }

  #failure(error: unknown): unknown {
    const { signal } = this.#request
    if (signal?.aborted) return signal.reason
    if (error instanceof ExchangeError) return error
    const message = error instanceof Error ? describe(error) : String(error)
    if (isCertificateProblem(error)) return new ExchangeError('certificate', message, false, error)
    return new ExchangeError('network', message, this.#isConnected, error)
  }
}

/** Several addresses tried in vain give an `AggregateError` without a text of its own. */
const describe = (error: Error): string =>
  error instanceof AggregateError ? error.errors.map((inner) => String(inner.message)).join('; ') : error.message

/** The server's certificate, or that it speaks no TLS at all: both need the operator, not patience. */
const isCertificateProblem = (error: unknown): boolean =>
  error instanceof Error &&
  'code' in error &&
  /^(CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_|ERR_SSL_|HOSTNAME_MISMATCH|INVALID_CA|EPROTO$)/.test(
    String(error.code),
  )
