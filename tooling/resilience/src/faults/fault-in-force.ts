import type { HttpRequest, HttpResponse, SendHttp } from '@openstack-cpi/openstack-driver'
import type { FaultRule } from 'fake-openstack'
import type { ApiRequest } from './api-request.ts'
import type { PreparedScenario } from './prepared-scenario.ts'
import type { Through } from './simulated-network.ts'

/** A fault while a call runs. */
export interface FaultInForce {
  /** What it puts between the driver and the network. */
  readonly through?: Through
  readonly hasHit: () => boolean
  /** Repairs what the call met. */
  readonly end?: () => void
}

/** Puts a fault in force. */
export type Fault = (prepared: PreparedScenario) => FaultInForce

/** A rule of the fake. */
export const byRule =
  (ruleAt: (nowMs: number) => FaultRule): Fault =>
  ({ cloud }) => {
    const added = cloud.faults.add(ruleAt(cloud.clock.now()))
    return { hasHit: () => cloud.faults.list().every(({ id, hits }) => id !== added || hits !== 0) }
  }

/** Before the request reaches the cloud, another user deletes the object that it is about. */
export const vanishing = (place: ApiRequest, path: string): Fault =>
  inPlaceOf(place, async (request, send, { cloud, token }) => {
    await cloud.fetch(`${request.url.origin}${path}`, { method: 'DELETE', headers: { 'x-auth-token': token } })
    cloud.clock.advance('10s')
    return await send(request)
  })

/** A proxy or an ingress without a backend responds in place of the service: the fake's responses are the service's own. */
export const proxyNotFound = (place: ApiRequest): Fault =>
  inPlaceOf(place, async () => ({
    status: 404,
    headers: { 'content-type': 'text/plain' },
    body: 'default backend - 404',
  }))

/** An amphora failed; after the call an operator has repaired it (driver spec §6.6). */
export const brokenBalancer: Fault = ({ cloud }) => {
  const turn = (provisioning_status: string): void => {
    const { content, ...rest } = cloud.snapshot()
    const loadbalancers = (content['loadbalancers'] ?? []).map((record) => ({ ...record, provisioning_status }))
    cloud.restore({ ...rest, content: { ...content, loadbalancers } })
  }
  turn('ERROR')
  return { hasHit: () => true, end: () => turn('ACTIVE') }
}

/**
 * Does something in place of one request of the clean run.
 * @param act sends the request itself where it is to reach the cloud
 */
function inPlaceOf(
  place: ApiRequest,
  act: (request: HttpRequest, send: SendHttp, prepared: PreparedScenario) => Promise<HttpResponse>,
): Fault {
  const isSame = (request: { readonly method: string; readonly path: string }): boolean =>
    request.method === place.method && request.path === place.path
  return (prepared) => {
    let toPass = prepared.requests.slice(0, prepared.requests.indexOf(place)).filter(isSame).length
    let isReached = false
    return {
      hasHit: () => isReached,
      through: (send) => async (request) => {
        if (isReached || !isSame({ method: request.method, path: request.url.pathname })) return await send(request)
        if (toPass-- > 0) return await send(request)
        isReached = true
        return await act(request, send, prepared)
      },
    }
  }
}
