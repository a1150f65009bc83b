import type { Readable } from 'node:stream'

/** One HTTP request, ready to be sent. */
export interface HttpRequest {
  readonly method: string
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | Readable
  /** Told of each piece of a streamed body once the system has taken it: its memory is free from then on. */
  readonly onSent?: (piece: Buffer) => void
  /** Breaks the connection off; absent for what must not be left half done. */
  readonly signal?: AbortSignal
}

/** A whole answer; `body` is text, empty when there is none. */
export interface HttpResponse {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly body: string
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
}

/** One value of a header; several are joined. */
export function header(response: HttpResponse, name: string): string | undefined {
  const value = response.headers[name]
  return typeof value === 'string' || value === undefined ? value : value.join(', ')
}
