import { Readable } from 'node:stream'
import type { FakeOpenStack } from 'fake-openstack'
import { ExchangeError, type SendHttp } from '../src/http/exchange.ts'

/** Sends the driver's requests to a fake cloud in process; the functions below put a network with faults in between. */
export function sendTo(cloud: FakeOpenStack): SendHttp {
  return async ({ method, url, headers, body }) => {
    const sent = body instanceof Readable ? { body: Readable.toWeb(body), duplex: 'half' } : { body }
    const response = await cloud.fetch(url, {
      method,
      headers,
      ...(body === undefined ? {} : sent),
    } as RequestInit) // the types of fetch lack `duplex`
    return { status: response.status, headers: Object.fromEntries(response.headers), body: await response.text() }
  }
}

/** What pages a list, rather than filtering it. */
const pagingKeys = new Set(['limit', 'marker', 'offset'])

/** A cloud that ignores the filters of lists: of all, or of those whose path matches. */
export function ignoringFilters(send: SendHttp, lists: RegExp): SendHttp {
  return (request) => {
    if (request.method !== 'GET' || !lists.test(request.url.pathname)) return send(request)
    const url = new URL(request.url)
    for (const key of [...url.searchParams.keys()]) if (!pagingKeys.has(key)) url.searchParams.delete(key)
    return send({ ...request, url })
  }
}

/** Creations, in contrast to actions and logins. */
const creations = /\/(servers|os-server-groups|ports|networks|subnets|floatingips|volumes|snapshots|images|members)$/

/** A network on which the first response to every creation is lost after the request took effect. */
export function losingFirstResponses(send: SendHttp): SendHttp {
  const lost = new Set<string>()
  return async (request) => {
    const response = await send(request)
    const { method, url, body } = request
    const key = `${url.pathname} ${typeof body === 'string' ? body : ''}`
    if (method !== 'POST' || !creations.test(url.pathname) || lost.has(key)) return response
    lost.add(key)
    throw new ExchangeError('network', 'the connection was reset', true)
  }
}

/** Thrown in a process that was killed. No `ExchangeError`: nothing of the driver handles it. */
export class Killed extends Error {}

/**
 * A process that is killed once its nth request has taken effect. Whatever it would do later, also to clean up, does not
 * happen.
 */
export function killedAfter(send: SendHttp, nth: number): SendHttp & { wasKilled(): boolean } {
  let requests = 0
  const sendUntilKilled: SendHttp = async (request) => {
    requests += 1
    if (requests > nth) throw new Killed('killed')
    const response = await send(request)
    if (requests >= nth) throw new Killed('killed')
    return response
  }
  return Object.assign(sendUntilKilled, { wasKilled: () => requests >= nth })
}
