import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http'
import { buffer } from 'node:stream/consumers'
import type { CloudDescription } from './cloud-description.ts'
import { type Loopback, listenOnLoopback } from './loopback.ts'

export interface CountedRequest {
  readonly method: string
  readonly url: string
}

/** Headers that are added to each request to a service, by its origin on the cloud. */
export type AddedHeaders = ReadonlyMap<string, Readonly<Record<string, string>>>

/**
 * A second address on loopback for each service of a cloud on plain HTTP: requests are counted outside the program that makes
 * them, on any cloud. Addresses in responses, the catalog's above all, are replaced, so a client needs to know the address of
 * Keystone only. `cloud` is the cloud by these addresses. `take` returns the requests since its last call, and forgets them.
 */
export async function openCountingListener(cloud: CloudDescription, added: AddedHeaders = new Map()) {
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
  const serverFor = (origin: string) =>
    createServer((incoming, outgoing) => {
      const { method = '', url = '' } = incoming
      const { host: _host, 'accept-encoding': _encoding, ...headers } = incoming.headers
      seen.push({ method, url })
      const sent = httpRequest(origin + url, { method, headers: { ...headers, ...added.get(origin) } }, (answer) => {
        passBack(answer, outgoing).catch(() => outgoing.destroy()) // the service broke off its answer
      })
      sent.on('error', () => outgoing.destroy())
      outgoing.on('close', () => sent.destroy())
      incoming.pipe(sent)
    })
  for (const address of [cloud.auth_url, ...Object.values(cloud.endpoints)]) {
    const { origin } = new URL(address)
    if (!listeners.has(origin)) listeners.set(origin, await listenOnLoopback(serverFor(origin)))
  }
  const endpoints = Object.entries(cloud.endpoints).map(([name, url]) => [name, inside(url)])
  return {
    cloud: { ...cloud, auth_url: inside(cloud.auth_url), endpoints: Object.fromEntries(endpoints) },
    take: (): readonly CountedRequest[] => seen.splice(0),
    close: async () => void (await Promise.all([...listeners.values()].map((listener) => listener.close()))),
  }
}

/** The requests by which a client logs in. */
export const loginsAmong = (requests: readonly CountedRequest[]): readonly CountedRequest[] =>
  requests.filter(({ method, url }) => method === 'POST' && url.endsWith('/auth/tokens'))
