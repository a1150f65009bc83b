import { ApiError } from './api-error.ts'
import { validToken } from './auth.ts'
import { contentTypeOf, defaultMaxBodyBytes, type ReadBody, readJson, readPresence, refuseBody } from './body.ts'
import { Call, type Peers } from './call.ts'
import type { CloudContext } from './cloud-context.ts'
import type { Reply } from './dialect.ts'
import { allowOf } from './dialects/keystone.ts'
import { webobReply } from './dialects/webob.ts'
import { splitPlace } from './endpoint-place.ts'
import { RequestedFailure } from './failure.ts'
import { delivered, expireToken, faultReply, hasNoResponse, type Outcome, pass } from './fault-effects.ts'
import type { FaultEffect } from './fault-rule.ts'
import type { Faults } from './faults.ts'
import type { Journal } from './journal.ts'
import { isObject } from './json-schema.ts'
import { type Destination, Mounted } from './mounted.ts'
import { notModelled } from './not-modelled.ts'
import { peersOf } from './peers.ts'
import { redacted } from './redact.ts'
import { type Answer, answerOf } from './reply.ts'
import { authorise, checkBodyForm, checkSchemas, identify, UnauthorizedError } from './request-checks.ts'
import type { Access, Handler, Route, ServiceDefinition } from './service.ts'
import { isoMicros } from './time-format.ts'

export interface ExchangeParts {
  context: CloudContext
  services: readonly ServiceDefinition[]
  faults: Faults
  journal: Journal
  /** Waits in real time, for delays while the clock is real. */
  sleep: (ms: number) => Promise<void>
  /** Virtual time that passes with each request. */
  autoAdvanceMs: number
  /** Time that each request takes. */
  latencyMs: number
}

/**
 * Bytes of a large body beside the request, for transports that have something cheaper than a web stream. A chunk is valid
 * until the next one is asked for.
 */
export type Upload = AsyncGenerator<Uint8Array, void, undefined>

/** Builds the function that answers API requests. */
export const createExchange = (
  parts: ExchangeParts,
): ((request: Request, url: URL, upload?: Upload) => Promise<Outcome>) => {
  const mounted = new Map<string, Mounted>()
  for (const service of parts.services) mounted.set(service.prefix.slice(1), new Mounted(service))

  const peers = peersOf(mounted)

  return async (request, url, upload) => {
    const { place, rest } = splitPlace(url.pathname, parts.context.settings.regions)
    const mount = mounted.get(rest.split('/', 2)[1] ?? '')
    if (!mount) return { kind: 'answer', answer: notOurs(url) }
    if (parts.autoAdvanceMs > 0) parts.context.clock.advance(parts.autoAdvanceMs)
    if (parts.latencyMs > 0) await pass(parts, parts.latencyMs)
    parts.context.lifecycle.settle()
    return answer({ ...parts, peers }, mount, request, url, place, upload)
  }
}

const answer = async (
  parts: ExchangeParts & { peers: Peers },
  mount: Mounted,
  request: Request,
  url: URL,
  place: string,
  upload: Upload | undefined,
): Promise<Outcome> => {
  const { context, faults, journal } = parts
  const { service } = mount
  const { dialect } = service
  const startedAt = performance.now()
  const requestId = context.ids.requestId()
  const path = url.pathname.slice(place.length + service.prefix.length) || '/'
  const method = methodOf(request, service)
  const destination = mount.find(method, path)
  const match = destination.kind === 'route' ? destination.match : undefined
  const route = match?.route
  const body = await bodyOf(request, service, route)
  const target = targetOf(mount, route, body)
  const operation = target?.operation ?? operationNames[destination.kind]
  const hits = faults.take({ service: service.name, operation, method: request.method, paths: [path, url.pathname] })
  const presented = validToken(context.store, context.clock, request.headers.get('x-auth-token'))
  const ended = expireToken(context, presented, hits, 'before')
  const call = new Call({
    context,
    request,
    url,
    serviceUrl: url.origin + place + service.prefix,
    origin: url.origin,
    params: match?.params ?? {},
    requestId,
    dialect,
    token: ended.length > 0 ? undefined : presented,
    body: 'value' in body ? body.value : undefined,
    upload: upload ?? request.body,
    peers: parts.peers,
  })

  const failing = hits.flatMap(({ id, rule }) => ('state' in rule.do ? [{ id, failure: rule.do.state }] : []))[0]
  const failure = failing && new RequestedFailure(failing.failure)
  call.failure = failure
  let reply = await faultReply(parts, hits, 'before')
  if (reply === undefined) {
    const run = async (): Promise<Reply> => {
      if (dialect.isBodyFirst && 'error' in body && request.method !== 'OPTIONS') throw body.error
      if (service.transport.doubleSlash === 'redirected' && path.includes('//') && destination.kind !== 'unknown') {
        return redirection(url)
      }
      if (request.method === 'OPTIONS') return optionsReply(call, service, destination)
      if (!target) return unrouted(call, service, destination)
      identify(call, service, target.access)
      if (service.schemas) {
        const refusal = dialect.refusedContentType?.(contentTypeOf(request))
        if (refusal) throw refusal
        service.before?.(call)
        if ('error' in body) throw body.error
        checkBodyForm(dialect, request.method, route, body.value)
        checkSchemas(call, service, service.schemas, target.route)
        authorise(call, target.access)
      } else {
        route?.beforeRole?.(call)
        authorise(call, target.access)
        if ('error' in body) throw body.error
        service.before?.(call)
      }
      const answered = await context.store.atomically(() =>
        context.lifecycle.failing(failure, () => target.handle(call)),
      )
      const unmodelled = service.schemas?.unmodelledKeys(target.route, call) ?? []
      return unmodelled.length === 0 ? answered : notModelled(call, `?${unmodelled.join(', ?')}`)
    }
    const result = await replyFor(run, call, service)
    ended.push(...expireToken(context, presented, hits, 'after'))
    reply = (await faultReply(parts, hits, 'after')) ?? result
  }
  const done = [...ended, ...(failing && failure?.isTaken ? [failing.id] : [])]
  const missed = hits.filter(({ id, rule }) => needsSomething(rule.do) && !done.includes(id)).map(({ id }) => id)
  for (const id of missed) faults.missed(id)

  journal.add({
    time: isoMicros(context.clock.now()),
    service: service.name,
    operation,
    method: request.method,
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    status: hasNoResponse(reply) ? 0 : reply.status,
    durationMs: Math.round((performance.now() - startedAt) * 1000) / 1000,
    requestId,
    projectId: call.tokenIfAny?.project?.id ?? null,
    microversion: call.microversion.major === 0 ? null : call.microversion.toString(),
    request: 'value' in body ? redacted(body.value) : null,
    response: hasNoResponse(reply) || !isPlainJson(reply.body) ? null : redacted(reply.body),
    unread: call.unread,
    faults: hits.map((hit) => hit.id).filter((id) => !missed.includes(id)),
  })
  if (hasNoResponse(reply)) return { kind: reply }
  if (reply.isBare) {
    return delivered(answerOf(reply, {}, request.method), hits)
  }
  if (reply.body === undefined && dialect.emptyContentType !== undefined) {
    call.responseHeaders['content-type'] ??= dialect.emptyContentType
  }
  for (const name of dialect.requestIdHeaders(reply)) call.responseHeaders[name] ??= requestId
  const whole = answerOf(reply, call.responseHeaders, request.method)
  return delivered(whole, hits)
}

/** The body as the route takes it; a mistake in it is told later, after the token has been checked. */
const bodyOf = async (request: Request, service: ServiceDefinition, route: Route | undefined): Promise<ReadBody> => {
  if (route?.body === 'stream') return { value: undefined }
  const maxBytes = service.maxBodyBytes ?? defaultMaxBodyBytes
  if (service.dialect.isBodyFirst) {
    const read = await readJson(request, service.dialect, maxBytes)
    const isReadable = 'error' in read || read.value === undefined || isObject(read.value)
    return isReadable ? read : { error: service.dialect.malformedJson() }
  }
  if (!route) return { value: undefined }
  if (route.body === 'presence') return readPresence(request, maxBytes)
  return route.body === 'none'
    ? refuseBody(request, maxBytes)
    : readJson(request, service.dialect, maxBytes, route.path)
}

/** Effects that a request may have nothing for: it makes nothing that could fail, or has no token. */
const needsSomething = (effect: FaultEffect): boolean => 'state' in effect || 'expireToken' in effect

interface Target {
  operation: string
  /** `POST /servers/:id/action reboot` */
  route: string
  access: Access
  handle: Handler
}

/** The route's handler, or for an action the entry that the first key of the body names. */
const targetOf = (mount: Mounted, route: Route | undefined, body: ReadBody): Target | undefined => {
  if (!route) return undefined
  const name = `${route.method} ${route.path.replace(/:\w+/g, ':id')}`
  if (route.actions && 'value' in body && typeof body.value === 'object' && body.value !== null) {
    const keys = Object.keys(body.value)
    for (const key of keys) {
      const action = Object.hasOwn(route.actions, key) ? route.actions[key] : undefined
      if (action) return { access: route.access ?? 'token', route: `${name} ${key}`, ...action }
    }
    const unmodelled = keys.find((key) => mount.hasAction(route, key))
    if (unmodelled !== undefined) {
      const handle = async (call: Call): Promise<Reply> => {
        try {
          return await route.handle(call)
        } catch (error) {
          // The real service has this action; what the route's own handler refuses otherwise stays refused.
          if (error instanceof ApiError && error.message.startsWith('There is no such action')) {
            return notModelled(call, unmodelled)
          }
          throw error
        }
      }
      return { operation: route.operation, route: `${name} ${unmodelled}`, access: route.access ?? 'token', handle }
    }
  }
  return { operation: route.operation, route: name, access: route.access ?? 'token', handle: route.handle }
}

const replyFor = async (run: () => Promise<Reply>, call: Call, service: ServiceDefinition): Promise<Reply> => {
  try {
    return await run()
  } catch (error) {
    const identityUrl = `${call.origin}/identity`
    // An answer to HEAD has no body to choose a form for.
    const accept = call.request.method === 'HEAD' ? '*/*' : call.request.headers.get('accept')
    if (error instanceof UnauthorizedError) return service.dialect.unauthorized(identityUrl, accept)
    // A defect of the fake itself: the client gets a 500 that says so, the process lives on.
    if (!(error instanceof ApiError)) return service.dialect.error(new ApiError(500, defect(error)), accept)
    if (error.status === 401 && error.body === undefined) return service.dialect.unauthorized(identityUrl, accept)
    if (error.isOutsideApi) for (const name of Object.keys(call.responseHeaders)) delete call.responseHeaders[name]
    return error.isWebob ? webobReply(error, accept) : service.dialect.error(error, accept)
  }
}

const defect = (error: unknown): string =>
  `The fake itself failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`

/** What the journal calls requests that lead to no route of the fake. */
const operationNames = {
  route: 'no action',
  unmodelled: 'not modelled',
  'wrong method': 'wrong method',
  unknown: 'unknown route',
} as const

/** HEAD and OPTIONS are GET for routers that treat them so. */
const methodOf = (request: Request, service: ServiceDefinition): string => {
  if (request.method === 'HEAD' && service.headIsGet) return 'GET'
  return request.method === 'OPTIONS' && service.transport.options === 'get' ? 'GET' : request.method
}

/** A route that only the real service has is not modelled, and says so; others are refused as the service does. */
const unrouted = (call: Call, { dialect }: ServiceDefinition, destination: Destination): Reply => {
  if (destination.kind === 'unknown' && dialect.isRoutedBeforeLogin) throw dialect.unknownRoute()
  if (!call.tokenIfAny) throw new UnauthorizedError()
  if (destination.kind === 'wrong method') throw dialect.wrongMethod(destination.allowed, call.request.method)
  if (destination.kind === 'unknown') throw dialect.unknownRoute()
  return notModelled(call)
}

/** Werkzeug's redirection to the path without repeated slashes. */
const redirection = (url: URL): Reply => {
  const location = url.origin + url.pathname.replace(/\/{2,}/g, '/') + url.search
  const link = location.replaceAll('&', '&amp;')
  return {
    status: 308,
    headers: { 'content-type': 'text/html; charset=utf-8', vary: 'X-Auth-Token', location },
    body: `<!doctype html>
<html lang=en>
<title>Redirecting...</title>
<h1>Redirecting...</h1>
<p>You should be redirected automatically to the target URL: <a href="${link}">${link}</a>. If not, click the link.
`,
  }
}

/** OPTIONS is answered in front of the services' handlers and of the check of the token, or (Neutron) as GET. */
const optionsReply = (call: Call, service: ServiceDefinition, destination: Destination): Reply | Promise<Reply> => {
  const { options } = service.transport
  if (options === 'allow') {
    if (destination.kind === 'unknown') return { status: 200, isBare: true }
    const allow = allowOf(destination.kind === 'wrong method' ? destination.allowed : [])
    return { status: 200, headers: { 'content-type': 'text/html; charset=utf-8', vary: 'X-Auth-Token', allow } }
  }
  if (options === 'get' && call.tokenIfAny) {
    if (destination.kind !== 'route' || !/^\/[^/]+(\/:\w+)?$/.test(destination.match.route.path)) {
      return { status: 200, isBare: true }
    }
    try {
      return destination.match.route.handle(call)
    } catch (error) {
      // A refusal of GET is no answer to OPTIONS.
      if (error instanceof ApiError) return { status: 200, isBare: true }
      throw error
    }
  }
  return { status: 200, isBare: true }
}

const isPlainJson = (body: unknown): boolean =>
  !(body instanceof Uint8Array || body instanceof ReadableStream || body === undefined)

const notOurs = (url: URL): Answer => {
  const message = `No service at ${url.pathname}.`
  return answerOf({ status: 404, body: { error: { code: 404, title: 'Not Found', message } } }, {}, 'GET')
}
