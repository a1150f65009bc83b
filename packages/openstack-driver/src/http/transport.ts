import type { Readable } from 'node:stream'
import type { Logger } from '@openstack-cpi/cpi-core'
import type { Clock, Random } from '../clock.ts'
import { withGrace } from './abort.ts'
import {
  ExchangeError,
  type HttpRequest,
  type HttpResponse,
  header,
  type SendHttp,
  type ServiceResponse,
} from './exchange.ts'
import { shownMessage } from './log-message.ts'
import { OpenStackError, type OpenStackErrorDetails } from './openstack-error.ts'
import { type ParsedFault, parseFault, retryAfterOf } from './refusal.ts'
import type { WaitBudget } from './retry-budget.ts'
import { type Attempts, type Decision, decide, type Outcome, type Repeat, type RetryLimits } from './retry-policy.ts'

/** A request to one of OpenStack's services. */
export interface ServiceRequest {
  /** Service type, for messages. */
  readonly service: string
  readonly method: string
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  /** JSON text, or a stream, which is never repeated. */
  readonly body?: string | Readable
  /** Told of each piece of a stream once it is sent. */
  readonly onSent?: (piece: Buffer) => void
  readonly repeat: Repeat
  /** Breaks off a request that may be repeated, and an upload, whose object is removed then; any other one after 2 s. */
  readonly signal: AbortSignal
  /**
   * Whether the body of a success can be an answer of the service; a page of a proxy counts as no answer. Default: any
   * can.
   */
  readonly isAnswer?: (body: string) => boolean
  /** Instead of the configured repetitions after failures, for the login. */
  readonly retry?: Pick<RetryLimits, 'retries' | 'pauseMs'>
}

export interface TransportOptions {
  readonly send: SendHttp
  readonly clock: Clock
  readonly random: Random
  readonly log: Logger
  readonly limits: Omit<RetryLimits, 'rateLimitTimeoutMs'>
  /** For the waits that services ask for. */
  readonly budget: WaitBudget
  readonly userAgent: string
}

/** Sends requests, repeats them as the retry policy says, and logs each exchange. */
export interface Transport {
  /**
   * Throws kinds `timeout` and `network` when the service cannot be reached, `ambiguous`, `rate-limited`, `aborted`, and
   * `decode` for an answer without end.
   */
  exchange(request: ServiceRequest): Promise<ServiceResponse>
}

/** One transport serves all services of a process. */
export function createTransport(options: TransportOptions): Transport {
  return { exchange: (request) => exchange(request, options) }
}

async function exchange(request: ServiceRequest, options: TransportOptions): Promise<ServiceResponse> {
  const { budget } = options
  const startMs = options.clock.monotonicMs()
  let attempts: Attempts = { repeat: request.repeat, repetitions: 0, rateLimitWaits: 0, rateLimitedMs: 0, elapsedMs: 0 }
  for (;;) {
    throwIfAborted(request)
    const attempt = await sendOnce(request, options)
    attempts = { ...attempts, elapsedMs: options.clock.monotonicMs() - startMs }
    const success = 'response' in attempt && attempt.response.status < 400 ? attempt.response : undefined
    if (success !== undefined && isAnswered(request, success)) return success
    if ('error' in attempt) throwIfHopeless(request, attempt.error)
    const limits = {
      ...options.limits,
      ...request.retry,
      rateLimitTimeoutMs: attempts.rateLimitedMs + budget.leftMs,
    }
    const { outcome, parsed } = success === undefined ? classify(attempt, options.clock.nowMs()) : noAnswer
    const decision = withoutRepeatingStreams(
      request,
      decide(outcome, attempts, limits, options.random.fraction()),
      outcome,
    )
    if (decision.do === 'fail') {
      if (success !== undefined) return success // its reader says what is wrong with it
      if (decision.as === 'refused' && 'response' in attempt) return attempt.response
      throw failure(request, decision, attempt, { outcome, parsed })
    }
    options.log.info(
      `${describe(request)}: ${reason(attempt)}, ${decision.isRateLimit ? 'rate limited, ' : ''}` +
        `repeating in ${(decision.afterMs / 1000).toFixed(1)} s`,
    )
    attempts = count(attempts, decision)
    if (decision.isRateLimit) budget.take(decision.afterMs)
    await sleep(decision.afterMs, request, options.clock)
  }
}

type Attempt = { readonly response: ServiceResponse } | { readonly error: ExchangeError }

async function sendOnce(
  request: ServiceRequest,
  { send, clock, random, log, userAgent }: TransportOptions,
): Promise<Attempt> {
  const startMs = clock.monotonicMs()
  const ownId = `req-${random.uuid()}`
  const outgoing: HttpRequest = {
    method: request.method,
    url: request.url,
    headers: { ...request.headers, 'user-agent': userAgent, 'x-openstack-request-id': ownId },
    ...(request.body === undefined ? {} : { body: request.body }),
    ...(request.onSent === undefined ? {} : { onSent: request.onSent }),
  }
  try {
    const response = await (isBrokenOffImmediately(request)
      ? send({ ...outgoing, signal: request.signal })
      : withGrace(request.signal, clock, (signal) => send({ ...outgoing, signal })))
    const requestId = serviceRequestId(response, ownId)
    const tookMs = Math.round(clock.monotonicMs() - startMs)
    log.debug(
      () =>
        `${describe(request)} -> ${response.status} in ${tookMs} ms (${requestId ?? ownId})` +
        `${shownMessage(' sent', outgoing)}${shownMessage(' got', response)}`,
    )
    return { response: { ...response, requestId } }
  } catch (error) {
    if (!(error instanceof ExchangeError)) {
      throwIfAborted(request, error)
      throw error
    }
    log.debug(() => `${describe(request)} -> ${error.message} (${ownId})${shownMessage(' sent', outgoing)}`)
    return { error }
  }
}

const isBrokenOffImmediately = ({ repeat, body }: ServiceRequest): boolean =>
  repeat === 'safe' || typeof body === 'object'

/** The id under which the service logs the request. Our own id coming back proves only that something echoes headers. */
const serviceRequestId = (response: HttpResponse, ownId: string): string | undefined =>
  ['x-openstack-request-id', 'x-compute-request-id']
    .map((name) => header(response, name))
    .find((id) => id !== undefined && id !== '' && id !== ownId)

interface Classified {
  readonly outcome: Outcome
  readonly parsed: ParsedFault | undefined
}

/** Redirects have pages. */
const isAnswered = ({ isAnswer }: ServiceRequest, { status, body }: ServiceResponse): boolean =>
  status >= 300 || isAnswer === undefined || isAnswer(body)

/** Of a success that the service cannot have written. */
const noAnswer: Classified = { outcome: { is: 'lost' }, parsed: undefined }

function classify(attempt: Attempt, nowMs: number): Classified {
  if ('error' in attempt) return { outcome: { is: attempt.error.wasSent ? 'lost' : 'not-sent' }, parsed: undefined }
  const { status, body } = attempt.response
  const parsed = parseFault(body)
  const retryAfterMs = retryAfterOf(attempt.response, nowMs) ?? parsed.retryAfterMs
  const { fault, isFromService } = parsed
  return { outcome: { is: 'refused', status, fault, retryAfterMs, isFromService }, parsed }
}

const count = (attempts: Attempts, decision: Decision & { do: 'repeat' }): Attempts =>
  decision.isRateLimit
    ? {
        ...attempts,
        rateLimitWaits: attempts.rateLimitWaits + 1,
        rateLimitedMs: attempts.rateLimitedMs + decision.afterMs,
      }
    : { ...attempts, repetitions: attempts.repetitions + 1 }

function failure(
  request: ServiceRequest,
  decision: Decision & { do: 'fail' },
  attempt: Attempt,
  { outcome, parsed }: Classified,
): OpenStackError {
  const details: OpenStackErrorDetails = {
    service: request.service,
    method: request.method,
    url: request.url.href,
    ...('error' in attempt ? { cause: attempt.error } : answerDetails(attempt.response, parsed)),
    ...(outcome.is === 'refused' && outcome.retryAfterMs !== undefined ? { retryAfterMs: outcome.retryAfterMs } : {}),
  }
  const words = parsed?.fault === undefined ? '' : ` (${parsed.fault.message})`
  const what = `${describe(request)}: ${reason(attempt)}${words}`
  if (decision.as === 'unknown') {
    return new OpenStackError('ambiguous', `${what}. It is unknown whether the request took effect`, details)
  }
  if (decision.as === 'rate-limited') {
    return new OpenStackError('rate-limited', `${what}. The rate limit did not end within rate_limit_timeout`, details)
  }
  const isTimeout = 'error' in attempt && attempt.error.reason === 'timeout'
  return new OpenStackError(isTimeout ? 'timeout' : 'network', what, details)
}

const answerDetails = (response: ServiceResponse, parsed: ParsedFault | undefined): OpenStackErrorDetails => ({
  status: response.status,
  ...(parsed?.fault === undefined ? {} : { fault: parsed.fault }),
  ...(response.requestId === undefined ? {} : { requestId: response.requestId }),
})

/** A stream is gone once its sending began. */
function withoutRepeatingStreams(request: ServiceRequest, decision: Decision, outcome: Outcome): Decision {
  if (decision.do === 'fail' || typeof request.body !== 'object') return decision
  return { do: 'fail', as: outcome.is === 'refused' ? 'refused' : 'unreachable' }
}

/** Errors that are never retried. */
function throwIfHopeless(request: ServiceRequest, error: ExchangeError): void {
  const details = { service: request.service, method: request.method, url: request.url.href, cause: error }
  if (error.reason === 'certificate') {
    throw new OpenStackError(
      'network',
      `${describe(request)}: ${error.message}. Check connection_options.ca_cert and the protocol of the URL`,
      details,
    )
  }
  // Of a create it is not known what it made: that is looked up.
  if (error.reason === 'too-large' && request.repeat === 'safe')
    throw new OpenStackError('decode', `${describe(request)}: ${error.message}`, details)
}

function throwIfAborted(request: ServiceRequest, cause: unknown = request.signal.reason): void {
  if (!request.signal.aborted) return
  const { service, method, url } = request
  throw new OpenStackError('aborted', `${describe(request)}: the call was interrupted`, {
    service,
    method,
    url: url.href,
    cause,
  })
}

async function sleep(ms: number, request: ServiceRequest, clock: Clock): Promise<void> {
  try {
    await clock.sleep(ms, request.signal)
  } catch (error) {
    throwIfAborted(request, error)
    throw error
  }
}

const describe = ({ service, method, url }: ServiceRequest): string => `${service}: ${method} ${url.href}`

const reason = (attempt: Attempt): string => {
  if ('error' in attempt) return attempt.error.message
  const { status } = attempt.response
  return `answered ${status}${status < 400 ? ' with what is no JSON' : ''}`
}
