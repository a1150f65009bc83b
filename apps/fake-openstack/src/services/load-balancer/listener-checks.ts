import { type ApiError, badRequest, conflict } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'
import type { Values } from './fields.ts'
import { mustGet } from './octavia-resource.ts'
import { listeners, pools } from './records.ts'

/** A port is taken once per transport: TCP and UDP may share it. */
export const checkPort = (call: Call, loadBalancerId: string, protocol: string, port: number): void => {
  const others = call.store.of(listeners).where({ loadBalancer: loadBalancerId })
  const other = others.find((one) => one.protocol_port === port && transport(one.protocol) === transport(protocol))
  if (!other) return
  throw conflict(
    `Another Listener on this Load Balancer is already using protocol ${other.protocol} and protocol_port ${port}`,
  )
}

const transport = (protocol: string): string => (protocol === 'UDP' || protocol === 'SCTP' ? protocol : 'TCP')

/** Refuses a default pool that is not the caller's, or that the listener cannot speak to. */
export const checkPool = (call: Call, poolId: string, protocol: string): void => {
  const pool = mustGet(call, { title: 'Pool', collection: pools }, poolId)
  checkProtocols(protocol, pool.protocol)
}

/** Which pools a listener may lead to, by protocol. */
const poolProtocols: Readonly<Record<string, readonly string[]>> = {
  TCP: ['HTTP', 'HTTPS', 'PROXY', 'PROXYV2', 'TCP'],
  HTTP: ['HTTP', 'PROXY', 'PROXYV2'],
  HTTPS: ['HTTPS', 'PROXY', 'PROXYV2', 'TCP'],
  TERMINATED_HTTPS: ['HTTP', 'PROXY', 'PROXYV2'],
  PROMETHEUS: [],
  UDP: ['UDP'],
  SCTP: ['SCTP'],
}

/** Refuses a pool that the listener cannot speak to. */
export const checkProtocols = (listener: string, pool: string): void => {
  if (poolProtocols[listener]?.includes(pool)) return
  throw invalidRequest(`The pool protocol '${pool}' is invalid while the listener protocol is '${listener}'.`)
}

/** A listener that ends TLS needs a certificate. */
export const checkTls = (values: Values): void => {
  if (values.get('protocol') !== 'TERMINATED_HTTPS') return
  if (values.get('default_tls_container_ref') !== null || values.get<string[]>('sni_container_refs').length > 0) return
  throw invalidRequest(
    'An SNI or default certificate container reference must be provided for TERMINATED_HTTPS protocol listeners.',
  )
}

/** `Validation failure: …` */
export const invalidRequest = (reason: string): ApiError => badRequest(`Validation failure: ${reason}`)
