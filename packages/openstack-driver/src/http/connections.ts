import { Agent, type AgentOptions, type ClientRequest, type RequestOptions, request as requestHttp } from 'node:http'
import type { ConnectionOptions } from '../config/openstack-config.ts'

/** Starts a request on a kept-alive connection, by scheme. */
export interface Connections {
  /** Throws when the URL is neither http nor https. */
  start(url: URL, options: RequestOptions): Promise<ClientRequest>
}

export interface ConnectionsOptions {
  readonly connection: ConnectionOptions
  /** PEM text. Empty or absent: the system's authorities. */
  readonly caBundle: string | undefined
  /** Proxies, in both spellings. `connection.proxy` wins over the environment's, `NO_PROXY` holds for both. */
  readonly environment: Readonly<Record<string, string | undefined>>
}

/**
 * How long an idle connection is kept. Servers close theirs after 5 s and more; a request that meets the closing would
 * be lost, and a lost POST is a question without answer.
 */
const idleMs = 4_000

/**
 * Connections with keep-alive, TLS and proxy as configured (driver spec §3.3). TLS is loaded when first needed. Idle
 * connections keep no process alive.
 */
export function createConnections(options: ConnectionsOptions): Connections {
  const proxyEnv = proxyEnvironment(options)
  const common: AgentOptions = {
    keepAlive: true,
    timeout: idleMs,
    ...(Object.keys(proxyEnv).length === 0 ? {} : { proxyEnv }),
  }
  let plain: Agent | undefined
  let secure: Promise<SecureConnections> | undefined

  return {
    async start(url, request) {
      if (url.protocol === 'http:') {
        plain ??= new Agent(common)
        return requestHttp(url, { ...request, agent: plain })
      }
      if (url.protocol !== 'https:') throw new TypeError(`Not an http or https URL: ${url.protocol}//${url.host}`)
      secure ??= openSecure(common, options)
      return (await secure).start(url, request)
    },
  }
}

interface SecureConnections {
  start(url: URL, options: RequestOptions): ClientRequest
}

/** TLS code costs a quarter of a bare process's start, so it is loaded only for https. */
async function openSecure(common: AgentOptions, options: ConnectionsOptions): Promise<SecureConnections> {
  const { Agent: SecureAgent, request } = await import('node:https')
  const authorities = [options.connection.caCert, options.caBundle].filter((pem) => pem !== undefined && pem !== '')
  const agent = new SecureAgent({
    ...common,
    rejectUnauthorized: options.connection.sslVerifyPeer,
    ...(authorities.length === 0 ? {} : { ca: authorities.join('\n') }),
  })
  return { start: (url, requestOptions) => request(url, { ...requestOptions, agent }) }
}

function proxyEnvironment({ connection, environment }: ConnectionsOptions): Record<string, string> {
  const of = (name: string): string | undefined => environment[name] ?? environment[name.toUpperCase()]
  const entries: [string, string | undefined][] = [
    ['http_proxy', connection.proxy ?? of('http_proxy')],
    ['https_proxy', connection.proxy ?? of('https_proxy')],
    ['no_proxy', of('no_proxy')],
  ]
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => (entry[1] ?? '') !== ''))
}
