import { type ClientRequest, type IncomingMessage, type RequestOptions, request as requestHttp } from 'node:http'
import type { Readable } from 'node:stream'
import type { Connections } from './connections.ts'
import {
  ExchangeError,
  type HttpRequest,
  type HttpResponse,
  networkError,
  ReceivedBody,
  type Timeouts,
} from './exchange.ts'

/** A request whose body is a stream. */
type Upload = HttpRequest & { readonly body: Readable }

/**
 * Streams a body over a connection of the agents that all requests share. By hand, and not through the HTTP client: that
 * copies a stream through a second one, which costs more memory than an upload may take (ADR 8).
 */
export async function upload(connections: Connections, timeouts: Timeouts, request: Upload): Promise<HttpResponse> {
  request.signal?.throwIfAborted()
  const { method, headers, signal, url } = request
  const agents = await connections.agentFor(url)
  const agent = 'https' in agents ? agents.https : agents.http
  const options: RequestOptions = { method, headers: { ...headers }, agent, ...(signal ? { signal } : {}) }
  const start = url.protocol === 'https:' ? (await import('node:https')).request : requestHttp
  return await new Exchange(start(url, options), request, timeouts).run()
}

/** One upload: knows how far it came, which decides how its failure is reported. */
class Exchange {
  readonly #outgoing: ClientRequest
  readonly #request: Upload
  readonly #timeouts: Timeouts
  #isConnected = false
  #timer: NodeJS.Timeout | undefined
  #wholeAnswerTimer: NodeJS.Timeout | undefined
  #reject: (error: unknown) => void = () => undefined

  constructor(outgoing: ClientRequest, request: Upload, timeouts: Timeouts) {
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
        this.#stream(this.#request.body)
      })
    } finally {
      clearTimeout(this.#timer)
      clearTimeout(this.#wholeAnswerTimer)
    }
  }

  #watchConnection(): void {
    const { connectTimeoutMs, uploadAnswerTimeoutMs: answerTimeoutMs, writeTimeoutMs } = this.#timeouts
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
    const body = new ReceivedBody()
    const { readTimeoutMs, wholeAnswerTimeoutMs } = this.#timeouts
    this.#limit(readTimeoutMs, 'read the answer')
    this.#wholeAnswerTimer = this.#after(wholeAnswerTimeoutMs, 'read the whole answer')
    incoming.on('data', (chunk: Buffer) => {
      this.#limit(readTimeoutMs, 'read the answer')
      try {
        body.add(chunk)
      } catch (error) {
        this.#breakOff(error)
      }
    })
    incoming.once('error', (error) => this.#reject(this.#failure(error)))
    incoming.once('end', () => {
      // An answer before the end of an upload is final: nobody reads the rest.
      if (!this.#outgoing.writableFinished) this.#outgoing.destroy()
      const { statusCode = 0, headers } = incoming
      body.text(headers['content-encoding']).then(
        (text) => resolve({ status: statusCode, headers, body: text }),
        (error: unknown) => this.#reject(error),
      )
    })
  }

  #limit(timeoutMs: number, step: string): void {
    clearTimeout(this.#timer)
    this.#timer = this.#after(timeoutMs, step)
  }

  #after(timeoutMs: number, step: string): NodeJS.Timeout {
    return setTimeout(() => this.#breakOff(ExchangeError.timeout(step, timeoutMs, this.#isConnected)), timeoutMs)
  }

  #breakOff(error: unknown): void {
    this.#reject(error)
    this.#outgoing.destroy()
  }

  #failure(error: unknown): unknown {
    const { signal } = this.#request
    if (signal?.aborted) return signal.reason
    return networkError(error, this.#isConnected)
  }
}
