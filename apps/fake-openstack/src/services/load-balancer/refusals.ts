import { ApiError, conflict, notFound } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'
import type { LoadBalancerRecord } from './records.ts'

/** True for requests to Neutron's LBaaS v2, whose refusals have other words than Octavia's. */
const isLbaasV2 = (call: Call): boolean => call.serviceUrl.endsWith('/network')

/** Something above is not at rest, so that nothing below can change. */
export const immutable = (
  call: Call,
  loadBalancer: LoadBalancerRecord | undefined,
  blame: { what: string; id: string },
): ApiError => {
  if (!isLbaasV2(call)) return conflict(`${blame.what} ${blame.id} is immutable and cannot be updated.`)
  return invalidState(loadBalancer?.provisioning_status ?? 'DELETED', loadBalancer?.id ?? blame.id)
}

/** The load balancer itself is not at rest. */
export const invalidState = (status: string, id: string): ApiError =>
  new ApiError(409, `Invalid state ${status} of loadbalancer resource ${id}`, { type: 'StateInvalid' })

/** Two members of a pool would have one address and port. */
export const memberExists = (call: Call, poolId: string, address: string, port: number): ApiError =>
  isLbaasV2(call)
    ? new ApiError(409, `Member with address ${address} and protocol_port ${port} already present in pool ${poolId}`, {
        type: 'MemberExists',
      })
    : conflict(`Another member on this pool is already using ip ${address} on protocol_port ${port}`)

/** There is no such thing. */
export const unknown = (call: Call, title: string, id: string): ApiError =>
  isLbaasV2(call)
    ? new ApiError(404, `${title.toLowerCase().replaceAll(' ', '')} ${id} could not be found`, {
        type: 'EntityNotFound',
      })
    : notFound(`${title} ${id} not found.`)

/** The pool in the path of a member. Octavia's router answers, and its status line says something else. */
export const unknownPoolInPath = (call: Call, id: string): ApiError => {
  if (isLbaasV2(call)) return unknown(call, 'Pool', id)
  const description = `Pool ${id} not found.`
  return new ApiError(404, description, {
    statusText: 'Bad Request',
    body: { code: 404, title: 'Bad Request', description },
  })
}
