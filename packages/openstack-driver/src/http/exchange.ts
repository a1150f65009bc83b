import type { Readable } from 'node:stream'
import type { ConnectionOptions } from '../config/openstack-config.ts'

/** One HTTP request, ready to be sent. */
export interface HttpRequest {
  readonly method: string
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | Readable
  /** Told of each piece of a streamed body once the system has taken it: its memory is free from then on. */
  readonly onSent?: (piece: Buffer) => void
  /** Breaks the connection off. */
  readonly signal?: AbortSignal
}

/** A whole answer; `body` is text, empty when there is none. */
export interface HttpResponse {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly body: string
}

/** An answer of a service, refusals included, with the id under which the service logs the request. */
export interface ServiceResponse extends HttpResponse {
  readonly requestId: string | undefined
}

/** Sends one request once. Throws `ExchangeError` when no whole answer came. Redirects are answers like any other. */
export type SendHttp = (request: HttpRequest) => Promise<HttpResponse>

/** Why no whole answer came, and whether the other side can have seen the request. */
export class ExchangeError extends Error {
  override readonly name = 'ExchangeError'
  readonly reason: 'timeout' | 'network' | 'certificate' | 'too-large'
  /** True as soon as a connection was there: some of the request may have arrived. */
  readonly wasSent: boolean

  constructor(reason: ExchangeError['reason'], message: string, wasSent: boolean, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.reason = reason
    this.wasSent = wasSent
  }

  /** @param step for the message, for example `get an answer` */
  static timeout(step: string, timeoutMs: number, wasSent: boolean): ExchangeError {
    return new ExchangeError('timeout', `Could not ${step} within ${timeoutMs / 1000} s`, wasSent)
  }
}

/** The time limits of an exchange, in milliseconds. */
export interface Timeouts extends Pick<ConnectionOptions, 'connectTimeoutMs' | 'readTimeoutMs' | 'writeTimeoutMs'> {
  /** Instead of `readTimeoutMs` between the last byte of a stream and its answer: backends take minutes to store it. */
  readonly uploadAnswerTimeoutMs: number
  /** For an answer that trickles in, from its head to its end; each piece of it may take `readTimeoutMs`. */
  readonly wholeAnswerTimeoutMs: number
}

/** What failed below HTTP as an `ExchangeError`. */
export function networkError(error: unknown, wasSent: boolean): ExchangeError {
  if (error instanceof ExchangeError) return error
  const message = error instanceof Error ? describe(error) : String(error)
  // TLS that breaks once the request is on its way says nothing about certificates, nor that the request was not processed.
  if (isCertificateProblem(error) && (!wasSent || isClientRefused(error))) {
    return new ExchangeError('certificate', message, false, error)
  }
  return new ExchangeError('network', message, wasSent, error)
}

/** Several addresses tried without success give an `AggregateError` without a text of its own. */
const describe = (error: Error): string =>
  error instanceof AggregateError ? error.errors.map((inner) => String(inner.message)).join('; ') : error.message

/** The server's certificate, or that it speaks no TLS at all: not retried: the operator must fix the configuration. */
const isCertificateProblem = (error: unknown): error is Error & { readonly code: unknown } =>
  error instanceof Error &&
  'code' in error &&
  /^(CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_|ERR_SSL_|HOSTNAME_MISMATCH|INVALID_CA|EPROTO$)/.test(
    String(error.code),
  )

/** The server wants a client certificate that is not there: with TLS 1.3 it says so after the handshake. */
const isClientRefused = (error: Error & { readonly code: unknown }): boolean =>
  /ALERT_(?:\w*CERTIFICATE\w*|UNKNOWN_CA)$/.test(String(error.code))

/** One value of a header; several are joined. */
export function header(response: HttpResponse, name: string): string | undefined {
  const value = response.headers[name]
  return typeof value === 'string' || value === undefined ? value : value.join(', ')
}

/** No list page or document of a cloud comes near it; it bounds what a broken or hostile answer can take. */
const largestBodyBytes = 64 * 1024 * 1024

/** The body of an answer while it comes in: bounded, and decoded at the end. */
export class ReceivedBody {
  readonly #chunks: Uint8Array[] = []
  #bytes = 0

  /** Throws `ExchangeError` of reason `too-large`. */
  add(chunk: Uint8Array): void {
    requireSize(this.#bytes + chunk.length)
    this.#bytes += chunk.length
    this.#chunks.push(chunk)
  }

  /**
   * The whole as text. Encodings are never asked for, but some proxies compress all the same.
   * @param encoding `Content-Encoding` of the answer
   */
  text(encoding: string | undefined): Promise<string> {
    return decodeBody(Buffer.concat(this.#chunks), encoding)
  }
}

/** Throws `ExchangeError` of reason `too-large` for more bytes than any answer has. */
export function requireSize(bytes: number): void {
  if (bytes > largestBodyBytes) throw tooLarge()
}

/** Text of a body in an encoding. Throws `ExchangeError`: `too-large`, or `network` when the encoding is not held to. */
export async function decodeBody(bytes: Uint8Array, encoding: string | undefined): Promise<string> {
  const names = (encoding ?? '')
    .toLowerCase()
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && name !== 'identity')
  let decoded = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (const name of names.toReversed()) if (decoded.length > 0) decoded = await decodeOnce(decoded, name)
  return decoded.toString('utf8')
}

async function decodeOnce(bytes: Buffer, encoding: string): Promise<Buffer<ArrayBuffer>> {
  const zlib = await import('node:zlib')
  const limits = { maxOutputLength: largestBodyBytes }
  try {
    switch (encoding) {
      case 'gzip':
      case 'x-gzip':
      case 'deflate':
        return Buffer.from(zlib.unzipSync(bytes, limits))
      case 'br':
        return Buffer.from(zlib.brotliDecompressSync(bytes, limits))
      default:
        throw new ExchangeError('network', `The answer has an unknown encoding, '${encoding}'`, true)
    }
  } catch (error) {
    if (error instanceof ExchangeError) throw error
    if (error instanceof RangeError) throw tooLarge() // zlib's error for maxOutputLength
    throw new ExchangeError('network', `The answer is no valid ${encoding}: ${String(error)}`, true, error)
  }
}

const tooLarge = (): ExchangeError =>
  new ExchangeError('too-large', `The answer is larger than ${largestBodyBytes} bytes`, true)
