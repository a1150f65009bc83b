import { type Logger, neverAborted, type Secrets } from '@openstack-cpi/cpi-core'
import type { Clock, Random } from '../clock.ts'
import { longestTimeMs, type OpenStackConfig, type ServiceName } from '../config/openstack-config.ts'
import { assumedRegion, offers, resolveEndpoint } from './catalog.ts'
import { createConnections } from './connections.ts'
import { hasVersion, versionedUrl } from './endpoint-url.ts'
import type { SendHttp, Timeouts } from './exchange.ts'
import { createServiceClient, discoverMicroversions, readVersions, type ServiceBinding } from './http-service-client.ts'
import type { MicroversionRange } from './microversion.ts'
import { WaitBudget } from './retry-budget.ts'
import { createSendHttp } from './send-http.ts'
import type { ServiceClient } from './service-client.ts'
import type { TokenCache, TokenInfo } from './token.ts'
import { createTokenSource } from './token-source.ts'
import { createTransport } from './transport.ts'

export interface SessionOptions {
  readonly config: OpenStackConfig
  readonly caBundle: string | undefined
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly userAgent: string
  readonly clock: Clock
  readonly random: Random
  readonly log: Logger
  readonly secrets: Secrets
  readonly tokenCache: TokenCache | undefined
  /** Instead of `send-http.ts`: a simulated network. */
  readonly send: SendHttp | undefined
}

/** Where a set of services finds its clients. */
export interface ServiceClients {
  readonly compute: ServiceClient
  readonly image: ServiceClient
  readonly network: ServiceClient
  readonly blockStorage: ServiceClient
  /** Octavia, or Neutron's LBaaS extension, paths relative to `…/v2.0/lbaas/`. */
  readonly loadBalancer: ServiceClient
  /** Who we are logged in as. */
  readonly token: () => Promise<TokenInfo>
}

/** One conversation with one cloud: a token, the connections, what was discovered. Makes no request before it is used. */
export interface Session {
  /** For all waits that services ask for. */
  readonly waitBudget: WaitBudget
  /** Clients whose requests end with the signal. All clients of a session share token, endpoints and connections. */
  clients(signal: AbortSignal): ServiceClients
}

export function createSession(options: SessionOptions): Session {
  const { config, userAgent, clock, random, log, secrets } = options
  if (!config.connection.sslVerifyPeer) {
    log.warn(
      'ssl_verify_peer is false: TLS certificates are not verified, and an attacker on the network can read and change requests',
    )
  }
  const waitBudget = new WaitBudget(config.rateLimitTimeoutMs, clock)
  const transport = createTransport({
    budget: waitBudget,
    send: options.send ?? overSockets(options),
    clock,
    random,
    log,
    userAgent,
    limits: {
      retries: config.requestRetries,
      pauseMs: 3_000,
      repeatForMs: config.stateTimeoutMs,
    },
  })
  const tokens = createTokenSource({ config, transport, clock, log, secrets, cache: options.tokenCache })

  /** What the token says, after the warning about regions, which is given once. */
  const loggedIn = once(async (): Promise<TokenInfo> => {
    const { info } = await tokens.current(neverAborted())
    const assumed = config.region === undefined ? assumedRegion(info.catalog, config) : undefined
    if (assumed !== undefined) {
      log.warn(
        `'region' is not set, and the service catalog has ${assumed.all.join(', ')}: using ${assumed.region}. ` +
          `Set 'region' to be sure where VMs are made`,
      )
    }
    return info
  })

  const bind = (service: ServiceName, endpoint: () => Promise<URL>): ServiceBinding => {
    let range: Promise<MicroversionRange | undefined> | undefined
    const binding: ServiceBinding = {
      service,
      transport,
      tokens,
      endpoint: once(endpoint),
      microversions: () => {
        // A failed discovery is asked again by the next one who needs it.
        range ??= tokens
          .microversions(service, () => discoverMicroversions(binding))
          .catch((error: unknown) => {
            range = undefined
            throw error
          })
        return range
      },
      microversionCap: service === 'compute' ? config.novaMicroversionMax : undefined,
      clock,
    }
    return binding
  }
  const fromCatalog = (service: ServiceName): ServiceBinding =>
    bind(service, async () => resolveEndpoint((await loggedIn()).catalog, service, config))
  const versioned = (service: ServiceName): ServiceBinding => {
    const binding = bind(service, async () => {
      const { catalog, projectId } = await loggedIn()
      const base = resolveEndpoint(catalog, service, config)
      if (hasVersion(base)) return base
      return versionedUrl(service, base, await readVersions(binding, base), projectId)
    })
    return binding
  }
  const bindings = {
    compute: versioned('compute'),
    image: fromCatalog('image'),
    network: fromCatalog('network'),
    blockStorage: versioned('block-storage'),
    loadBalancer: bind('load-balancer', async () => loadBalancerUrl(config, await loggedIn())),
  }

  return {
    waitBudget,
    clients(signal) {
      const client = (binding: ServiceBinding): ServiceClient => createServiceClient(binding, signal)
      return {
        compute: client(bindings.compute),
        image: client(bindings.image),
        network: client(bindings.network),
        blockStorage: client(bindings.blockStorage),
        loadBalancer: client(bindings.loadBalancer),
        token: async () => (await tokens.current(signal)).info,
      }
    },
  }
}

function overSockets({ config, caBundle, environment }: SessionOptions): SendHttp {
  return createSendHttp(createConnections({ connection: config.connection, caBundle, environment }), timeoutsOf(config))
}

/** The time limits that a configuration asks for: a whole answer may take ten times `read_timeout` (driver spec §3.3). */
export const timeoutsOf = ({ connection, stateTimeoutMs }: OpenStackConfig): Timeouts => ({
  connectTimeoutMs: connection.connectTimeoutMs,
  readTimeoutMs: connection.readTimeoutMs,
  writeTimeoutMs: connection.writeTimeoutMs,
  uploadAnswerTimeoutMs: Math.max(connection.readTimeoutMs, stateTimeoutMs),
  wholeAnswerTimeoutMs: Math.min(connection.readTimeoutMs * 10, longestTimeMs),
})

/** Octavia if the catalog has it, else Neutron's former LBaaS extension; `load_balancer_api` decides (driver spec §6.6). */
function loadBalancerUrl(config: OpenStackConfig, { catalog }: TokenInfo): URL {
  const isOctavia =
    config.loadBalancerApi === 'octavia' ||
    (config.loadBalancerApi === 'auto' && offers(catalog, 'load-balancer', config))
  if (isOctavia) return resolveEndpoint(catalog, 'load-balancer', config)
  return new URL('lbaas/', resolveEndpoint(catalog, 'network', config))
}

/** Keeps the first success; a failure is not kept. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => {
    made ??= make().catch((error: unknown) => {
      made = undefined
      throw error
    })
    return made
  }
}
