import { Agent, type AgentOptions } from 'node:http'
import type { Agent as SecureAgent } from 'node:https'
import type { ConnectionOptions } from '../config/openstack-config.ts'
import { readProxies, requireProxySupport } from './proxies.ts'

/** An agent under the scheme it serves. */
export type SchemeAgent = { readonly http: Agent } | { readonly https: SecureAgent }

/** Kept-alive connections, one agent for each scheme and way. */
export interface Connections {
  /** The agent for requests to this URL. Throws when it is neither http nor https, or its proxy cannot be used. */
  agentFor(url: URL): Promise<SchemeAgent>
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
 * be lost, and a lost POST is ambiguous.
 */
const idleMs = 4_000

/**
 * Connections with keep-alive, TLS and proxy as configured (driver spec §3.3). TLS is loaded when first needed. Idle
 * connections keep no process alive.
 */
export function createConnections(options: ConnectionsOptions): Connections {
  let proxies: ReturnType<typeof readProxies> | undefined
  const agents = new Map<string, Promise<SchemeAgent>>()
  return {
    agentFor: async (url) => {
      if (!/^https?:$/.test(url.protocol)) {
        throw new TypeError(`Not an http or https URL: ${url.protocol}//${url.host}`)
      }
      proxies ??= readProxies(options.connection.proxy, options.environment)
      const proxy = proxies.for(url)
      const key = `${url.protocol} ${proxy ?? ''}`
      const agent = agents.get(key) ?? openAgent(url.protocol, proxy, options)
      agents.set(key, agent)
      return await agent
    },
  }
}

async function openAgent(
  protocol: string,
  proxy: string | undefined,
  { connection, caBundle }: ConnectionsOptions,
): Promise<SchemeAgent> {
  if (proxy !== undefined) requireProxySupport()
  const common: AgentOptions = {
    keepAlive: true,
    timeout: idleMs,
    ...(proxy === undefined ? {} : { proxyEnv: { http_proxy: proxy, https_proxy: proxy } }),
  }
  if (protocol === 'http:') return { http: new Agent(common) }
  const authorities = [connection.caCert, caBundle].filter((pem) => pem !== undefined && pem !== '')
  const trusted = authorities.length === 0 ? {} : { ca: authorities.join('\n') }
  // TLS costs a quarter of a bare process's start, so it is loaded only for https.
  const [{ Agent: TlsAgent }, { checkServerIdentity, createSecureContext }] = await Promise.all([
    import('node:https'),
    import('node:tls'),
  ])
  return {
    https: new TlsAgent({
      ...common,
      ...trusted,
      rejectUnauthorized: connection.sslVerifyPeer,
      // Node shares no connection among requests that bring a check of their own, as those of the HTTP client do.
      checkServerIdentity,
      secureContext: createSecureContext(trusted), // one for all connections: each would read the authorities again
    }),
  }
}
