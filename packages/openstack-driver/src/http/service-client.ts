import type { Readable } from 'node:stream'
import type { PageStyle } from './pagination.ts'
import type { Repeat } from './retry-policy.ts'

/** Query parameters; undefined ones are left out, lists are repeated. */
export type Query = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>

export interface RequestOptions {
  /** Statuses that mean success; any other throws `OpenStackError` of kind `http`. */
  readonly expect?: number | readonly number[]
  /** Key of the envelope to take out; missing in the answer: kind `decode`. Without it the whole body is the result. */
  readonly pick?: string
  readonly query?: Query
  /** For example `2.67`; sent with this request only, not checked beforehand: ask `supports` first (driver spec §3.2). */
  readonly microversion?: string
  readonly repeat?: Repeat
  /** Of the body; default `application/json`. */
  readonly contentType?: string
}

export interface UploadOptions {
  readonly expect?: number | readonly number[]
  /** Bytes, when known; otherwise the body is sent chunked. */
  readonly sizeBytes?: number
  /** Told of each piece of the body once it is sent: its memory is free from then on. */
  readonly onSent?: (piece: Buffer) => void
}

export interface PageOptions {
  /** Key of the list in the body. */
  readonly key: string
  /** Key of the links to further pages. Default `<key>_links`. */
  readonly linksKey?: string
  /** How the service points at the next page. Default `links`. */
  readonly style?: PageStyle
  readonly microversion?: string
}

/**
 * One service of the catalog: paths are relative to its endpoint, without a leading slash. Logs in, finds the endpoint,
 * waits out rate limits, repeats what is safe to repeat. All methods throw `OpenStackError` only.
 * Ids in paths must be escaped with `encodeURIComponent` by the caller.
 */
export interface ServiceClient {
  /** Default status 200. */
  get<T>(path: string, options?: RequestOptions): Promise<T>
  /** Default statuses 200, 201, 202. */
  post<T>(path: string, body: unknown, options?: RequestOptions): Promise<T>
  /** Default statuses 200, 201, 202, 204. */
  put<T>(path: string, body: unknown, options?: RequestOptions): Promise<T>
  /** Default status 200. */
  patch<T>(path: string, body: unknown, options?: RequestOptions): Promise<T>
  /** Default statuses 200, 202, 204. A 404 throws: whether that is success is decided by the method. */
  delete(path: string, options?: RequestOptions): Promise<void>
  /** Every item of a list, followed to its last page (driver spec §3.4). Stop iterating and no further page is fetched. */
  pages<T>(path: string, query: Query, options: PageOptions): AsyncIterable<T>
  /** PUT of a stream as `application/octet-stream`. Never repeated. Default statuses 200, 204. */
  upload(path: string, body: Readable, options?: UploadOptions): Promise<void>
  /** Does the service understand this microversion, within `nova_microversion_max`? Asked once per process. */
  supports(microversion: string): Promise<boolean>
}

/** All items of a list. */
export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}
