import type { Readable } from 'node:stream'
import { isJsonObject, neverAborted } from '@openstack-cpi/cpi-core'
import type { Clock } from '../clock.ts'
import type { ServiceName } from '../config/openstack-config.ts'
import { whileNotAborted } from './abort.ts'
import { versionUrl } from './endpoint-url.ts'
import type { ServiceResponse } from './exchange.ts'
import { isSupported, type MicroversionRange, microversionHeaders, readMicroversionRange } from './microversion.ts'
import { detailsOf, OpenStackError } from './openstack-error.ts'
import { nextPage, type Page, pageItems } from './pagination.ts'
import { decodeJson, looksLikeJson } from './read-answer.ts'
import { refusal } from './refusal.ts'
import type { Repeat } from './retry-policy.ts'
import type { PageOptions, Query, RequestOptions, ServiceClient } from './service-client.ts'
import type { TokenSource } from './token-source.ts'
import type { Transport } from './transport.ts'

/** What the clients of one service share, whatever their signal. */
export interface ServiceBinding {
  readonly service: ServiceName
  readonly transport: Transport
  readonly tokens: TokenSource
  /** The service's base URL, with a trailing slash. */
  readonly endpoint: () => Promise<URL>
  /** Answer of the version document; asked once. */
  readonly microversions: () => Promise<MicroversionRange | undefined>
  /** `nova_microversion_max` for compute. */
  readonly microversionCap: string | undefined
  readonly clock: Clock
}

interface Sending {
  readonly method: string
  readonly url: URL
  readonly repeat: Repeat
  readonly expect: readonly number[]
  readonly body?: string | Readable
  readonly contentType?: string
  readonly sizeBytes?: number
  readonly onSent?: (piece: Buffer) => void
  readonly microversion?: string | undefined
}

/** The client of one service; several share a binding. Requests that may be repeated end with `signal`. */
export function createServiceClient(binding: ServiceBinding, signal: AbortSignal): ServiceClient {
  const json = async <T>(
    method: string,
    path: string,
    body: unknown,
    options: RequestOptions,
    defaults: { readonly expect: readonly number[]; readonly repeat: Repeat },
  ): Promise<T> => {
    const response = await send(binding, signal, {
      method,
      url: withQuery(resolvePath(binding, path, await endpointOf(binding, signal)), options.query ?? {}),
      repeat: options.repeat ?? defaults.repeat,
      expect: expected(options.expect, defaults.expect),
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), contentType: options.contentType ?? 'application/json' }),
      microversion: options.microversion,
    })
    try {
      return decodeJson<T>(binding.service, method, response, options.pick)
    } catch (error) {
      throw (options.repeat ?? defaults.repeat) === 'safe' ? error : ambiguousAnswer(error)
    }
  }

  return {
    get: (path, options = {}) => json('GET', path, undefined, options, { expect: [200], repeat: 'safe' }),
    post: (path, body, options = {}) => json('POST', path, body, options, { expect: [200, 201, 202], repeat: 'never' }),
    put: (path, body, options = {}) =>
      json('PUT', path, body, options, { expect: [200, 201, 202, 204], repeat: 'safe' }),
    patch: (path, body, options = {}) => json('PATCH', path, body, options, { expect: [200], repeat: 'never' }),
    delete: async (path, options = {}) => {
      await json('DELETE', path, undefined, options, { expect: [200, 202, 204], repeat: 'safe' })
    },
    pages: (path, query, options) => pages(binding, signal, path, query, options),
    upload: async (path, body, options = {}) => {
      // A source may fail while we still log in: without a listener that would end the process. Sending tells of it.
      body.on('error', () => undefined)
      await send(binding, signal, {
        method: 'PUT',
        url: resolvePath(binding, path, await endpointOf(binding, signal)),
        repeat: 'never',
        expect: expected(options.expect, [200, 204]),
        body,
        contentType: 'application/octet-stream',
        ...(options.sizeBytes === undefined ? {} : { sizeBytes: options.sizeBytes }),
        ...(options.onSent === undefined ? {} : { onSent: options.onSent }),
      })
    },
    supports: async (microversion) =>
      isSupported(
        microversion,
        await whileNotAborted(binding.microversions(), signal, `the discovery of ${binding.service}'s microversions`),
        binding.microversionCap,
      ),
  }
}

async function* pages<T>(
  binding: ServiceBinding,
  signal: AbortSignal,
  path: string,
  query: Query,
  { key, linksKey, style = 'links', microversion }: PageOptions,
): AsyncGenerator<T> {
  const visited = new Set<string>()
  let itemsSeen = 0
  let firstOfPage: unknown
  let url: URL | undefined = withQuery(resolvePath(binding, path, await endpointOf(binding, signal)), query)
  while (url !== undefined) {
    if (visited.has(url.href)) {
      throw new OpenStackError('decode', `${binding.service}: GET ${url.href}: the list leads back to this page`, {
        service: binding.service,
        url: url.href,
      })
    }
    visited.add(url.href)
    const response = await send(binding, signal, { method: 'GET', url, repeat: 'safe', expect: [200], microversion })
    const body = decodeJson<unknown>(binding.service, 'GET', response, undefined)
    const page: Page = { url, body, key, linksKey, style, itemsSeen }
    const items = pageItems<T>(page)
    const first = idOf(items[0])
    // A cloud that ignores the offset answers with the same page for ever.
    if (style === 'offset' && first !== undefined && first === firstOfPage) return
    firstOfPage = first
    itemsSeen += items.length
    yield* items
    url = nextPage({ ...page, itemsSeen })
  }
}

const idOf = (item: unknown): unknown => (isJsonObject(item) ? item['id'] : undefined)

/** Sends with a token; a refused token is renewed once (driver spec §2.3). */
async function send(
  binding: ServiceBinding,
  signal: AbortSignal,
  sending: Sending,
): Promise<ServiceResponse & { url: URL }> {
  const token = await binding.tokens.current(signal)
  const first = await sendWith(binding, signal, sending, token.id)
  // A 401 came before anything was done; only a stream cannot be sent again.
  const isRefusedToken = first.status === 401 && typeof sending.body !== 'object'
  const response = isRefusedToken
    ? await sendWith(binding, signal, sending, (await binding.tokens.renew(token, signal)).id)
    : first
  if (sending.expect.includes(response.status)) return { ...response, url: sending.url }
  const unexpected = refusal(binding.service, sending.method, sending.url, response, binding.clock.nowMs())
  // "200 OK" where 202 is documented: it may well have made something.
  const mayHaveEffect = response.status >= 200 && response.status < 300 && sending.repeat !== 'safe'
  throw mayHaveEffect ? ambiguousAnswer(unexpected) : unexpected
}

const endpointOf = (binding: ServiceBinding, signal: AbortSignal): Promise<URL> =>
  whileNotAborted(binding.endpoint(), signal, `the look-up of ${binding.service}'s endpoint`)

/** An id of `.` or `..` is not escaped by anything, and would lead to another object: `pools/1/members/..` is the pool. */
function resolvePath({ service }: ServiceBinding, path: string, base: URL): URL {
  if (!/(?:^|\/)\.{1,2}(?:\/|$)/.test(path)) return new URL(path, base)
  throw new OpenStackError('config', `${service}: '${path}' is no path of an object. No request was sent`, { service })
}

/** Something was done, or a proxy only said so: without the response the result is unknown and has to be looked up. */
function ambiguousAnswer(error: unknown): unknown {
  if (!(error instanceof OpenStackError)) return error
  const message = `${error.message}. It is unknown whether the request took effect`
  return new OpenStackError('ambiguous', message, detailsOf(error))
}

const sendWith = (
  { service, transport }: ServiceBinding,
  signal: AbortSignal,
  { method, url, repeat, body, contentType, sizeBytes, onSent, microversion }: Sending,
  token: string,
): Promise<ServiceResponse> =>
  transport.exchange({
    service,
    method,
    url,
    repeat,
    signal,
    headers: {
      accept: 'application/json',
      'x-auth-token': token,
      ...(contentType === undefined ? {} : { 'content-type': contentType }),
      ...(sizeBytes === undefined ? {} : { 'content-length': String(sizeBytes) }),
      ...(microversion === undefined ? {} : microversionHeaders(service, microversion)),
    },
    ...(body === undefined ? {} : { body }),
    ...(onSent === undefined ? {} : { onSent }),
    isAnswer: (text) => (text === '' ? method !== 'GET' : looksLikeJson(text)),
  })

/** Asks a service for its microversions. */
export async function discoverMicroversions(binding: ServiceBinding): Promise<MicroversionRange | undefined> {
  return readMicroversionRange(await readVersions(binding, versionUrl(await binding.endpoint())))
}

/** Reads a version document, with a token, which Cinder demands. */
export async function readVersions(binding: ServiceBinding, url: URL): Promise<unknown> {
  const response = await send(binding, neverAborted(), { method: 'GET', url, repeat: 'safe', expect: [200, 300] })
  return decodeJson<unknown>(binding.service, 'GET', response, undefined)
}

const expected = (given: number | readonly number[] | undefined, otherwise: readonly number[]): readonly number[] => {
  if (given === undefined) return otherwise
  return typeof given === 'number' ? [given] : given
}

function withQuery(url: URL, query: Query): URL {
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined) continue
    const values = typeof value === 'object' ? value : [String(value)]
    for (const one of values) url.searchParams.append(name, one)
  }
  return url
}
