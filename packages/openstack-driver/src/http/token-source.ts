import { type Logger, neverAborted, type Secrets } from '@openstack-cpi/cpi-core'
import type { Clock } from '../clock.ts'
import type { OpenStackConfig } from '../config/openstack-config.ts'
import { whileNotAborted } from './abort.ts'
import { header, type ServiceResponse } from './exchange.ts'
import { loginRequest, readLogin } from './login.ts'
import type { MicroversionRange } from './microversion.ts'
import { OpenStackError } from './openstack-error.ts'
import { looksLikeJson } from './read-answer.ts'
import { parseFault } from './refusal.ts'
import { loginIdentity, readTokenEntry, type Token, type TokenCache, writeTokenEntry } from './token.ts'
import type { Transport } from './transport.ts'

/** The one token of a process, shared by all services (driver spec §2.3). */
export interface TokenSource {
  /**
   * A token that is not about to expire. Logs in when there is none; callers at the same time share one login, which goes
   * on when the signal of one of them is aborted. Throws kind `aborted` then.
   */
  current(signal: AbortSignal): Promise<Token>
  /** After a service refused `rejected` with 401: a new token, unless another caller has got one meanwhile. */
  renew(rejected: Token, signal: AbortSignal): Promise<Token>
  /** What `discover` answers, or answered an earlier call with the same login: kept with the token. */
  microversions(
    service: string,
    discover: () => Promise<MicroversionRange | undefined>,
  ): Promise<MicroversionRange | undefined>
}

export interface TokenSourceOptions {
  readonly config: OpenStackConfig
  readonly transport: Transport
  readonly clock: Clock
  readonly log: Logger
  /** Learns each token. */
  readonly secrets: Secrets
  readonly cache: TokenCache | undefined
}

/** Five tries, a second apart (driver spec §3.5). */
const loginRetry = { retries: 4, pauseMs: 1_000 }

/** Makes no request before the first `current`. */
export function createTokenSource(options: TokenSourceOptions): TokenSource {
  const { config, clock, log, secrets, cache } = options
  let token: Token | undefined
  let underway: Promise<Token> | undefined

  const isAlive = (candidate: Token): boolean => clock.nowMs() < candidate.renewAtMs

  /** One login at a time; a failed one is discarded, so that the next caller tries again. */
  const share = (obtain: () => Promise<Token>): Promise<Token> => {
    underway ??= obtain()
      .then((fresh) => {
        secrets.add(fresh.id)
        token = fresh
        return fresh
      })
      .finally(() => {
        underway = undefined
      })
    return underway
  }

  /** A kept login will do unless it is about to end, or is the one a service has just refused. */
  const keptOrLogin = async (refused?: Token): Promise<Token> => {
    if (cache === undefined) return await login(options)
    let made: Token | undefined
    const isUsable = (entry: string): boolean => {
      const kept = readTokenEntry(entry)
      return kept !== undefined && kept.id !== refused?.id && isAlive(kept)
    }
    const entry = await cache.login(loginIdentity(config), isUsable, async () => {
      made = await login(options)
      return writeTokenEntry(made)
    })
    if (made !== undefined) return made
    log.debug('identity: using the login of an earlier call')
    return readTokenEntry(entry) ?? (await login(options))
  }

  const current = async (signal: AbortSignal): Promise<Token> => {
    if (token !== undefined && isAlive(token)) return token
    return await whileNotAborted(
      share(() => keptOrLogin()),
      signal,
      'the login',
    )
  }

  return {
    current,
    async renew(rejected, signal) {
      if (token !== undefined && token.id !== rejected.id && isAlive(token)) return token
      return await whileNotAborted(
        share(() => keptOrLogin(rejected)),
        signal,
        'the login',
      )
    },
    async microversions(service, discover) {
      const known = (await current(neverAborted())).microversions?.[service]
      if (known !== undefined) return known ?? undefined
      const range = await discover()
      const latest = await current(neverAborted())
      const amended = { ...latest, microversions: { ...latest.microversions, [service]: range ?? null } }
      token = amended
      await cache?.amend(
        loginIdentity(config),
        (entry) => readTokenEntry(entry)?.id === amended.id,
        writeTokenEntry(amended),
      )
      return range
    },
  }
}

async function login({ config, transport, clock, log }: TokenSourceOptions): Promise<Token> {
  const { url, body } = loginRequest(config)
  const startMs = clock.monotonicMs()
  const askedAtMs = clock.nowMs()
  const response = await transport.exchange({
    service: 'identity',
    method: 'POST',
    url,
    headers: { accept: 'application/json', 'content-type': 'application/json' },
    body: JSON.stringify(body),
    // Two tokens instead of one do no harm. The login serves all callers: the abort of one must not end it for others.
    repeat: 'safe',
    signal: neverAborted(),
    isAnswer: looksLikeJson,
    retry: loginRetry,
  })
  if (response.status !== 201 && response.status !== 200) throw refusedLogin(config, url, response)
  const token = readLogin(config.credentials.kind, header(response, 'x-subject-token'), response.body, askedAtMs)
  log.info(`identity: logged in as ${describe(config)} in ${Math.round(clock.monotonicMs() - startMs)} ms`)
  return token
}

function refusedLogin(config: OpenStackConfig, url: URL, response: ServiceResponse): OpenStackError {
  const { fault } = parseFault(response.body)
  const isCredentials = response.status === 401 || response.status === 403
  const location = response.status >= 300 && response.status < 400 ? header(response, 'location') : undefined
  const redirect = location === undefined ? '' : `, which redirects to ${location}`
  // 404: an unknown application credential, or no Keystone at this address.
  const hint = isCredentials
    ? 'Check user, password, project and domains (Keystone does not tell which is wrong)'
    : 'Check auth_url and the credentials'
  return new OpenStackError(
    response.status < 500 ? 'auth' : 'http',
    `Keystone refused the login of ${describe(config)} at ${url.href} with status ${response.status}${redirect}` +
      `${fault === undefined ? '' : `: ${fault.message}`} (${response.requestId ?? 'no request id'}). ${hint}`,
    {
      service: 'identity',
      method: 'POST',
      url: url.href,
      status: response.status,
      ...(fault === undefined ? {} : { fault }),
      ...(response.requestId === undefined ? {} : { requestId: response.requestId }),
    },
  )
}

function describe({ credentials }: OpenStackConfig): string {
  if (credentials.kind === 'application_credential') return `application credential '${credentials.id}'`
  if (credentials.kind === 'v2') return `user '${credentials.username}' in tenant '${credentials.tenant}'`
  const { project, userDomain, projectDomain } = credentials.scope
  const scope = 'id' in project ? `project ${project.id}` : `project '${project.name}' of domain '${projectDomain}'`
  return `user '${credentials.username}' of domain '${userDomain}' in ${scope}`
}
