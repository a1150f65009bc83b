import { randomUUID } from 'node:crypto'
import * as z from 'zod'
import type { Cloud, Snapshot } from '../cloud-interface.ts'
import { guestOf } from '../guest/guest-view.ts'
import { endOfTime } from '../kernel/clock.ts'
import { type FaultRule, FaultRuleError } from '../kernel/fault-rule.ts'
import { type Answer, answerOf } from '../kernel/reply.ts'
import { isoMicros } from '../kernel/time-format.ts'
import { faultPresets, isPresetName, presetRule } from '../presets/fault-presets.ts'
import { packageVersion } from '../version.ts'
import { connectionOf } from './connection.ts'
import { guestMetadata } from './guest-metadata.ts'
import { statusPage } from './status-page.ts'
import { changeTransitions, pendingTransitions, transitionsSchema } from './transitions.ts'

const clockSchema = z.union(
  [
    z.strictObject({ advance: z.union([z.number(), z.string()]) }),
    z.strictObject({ mode: z.enum(['virtual', 'real']) }),
  ],
  { error: 'give {"advance": "30s"} or {"mode": "virtual"} or {"mode": "real"}' },
)

const snapshotSchema = z.strictObject({
  version: z.literal(1),
  clock: z.strictObject({ mode: z.enum(['virtual', 'real']), now: z.number().min(0).max(endOfTime) }),
  ids: z.number().int().min(0),
  content: z.record(z.string(), z.array(z.looseObject({ id: z.string() }))),
})

/** A mistake of the caller of the control API; always 400. */
class ControlError extends Error {}

type ControlRoute = (request: Request, url: URL) => unknown | Promise<unknown>

/**
 * The control API `/_fake/…`: state, leftovers, reset, journal, snapshot, clock and faults as JSON, and a page to look at,
 * to which `/` leads.
 */
export const createControl = (cloud: Cloud): ((request: Request, url: URL) => Promise<Answer>) => {
  const startedAt = performance.now()
  // An ETag of another cloud at the same address is not one of this.
  const incarnation = randomUUID()
  const { context, journal, faults } = cloud
  const clockState = () => ({ mode: context.clock.mode, now: isoMicros(context.clock.now()) })

  const routes: Record<string, ControlRoute> = {
    'GET /health': () => ({
      version: packageVersion(),
      uptimeMs: Math.round(performance.now() - startedAt),
      clock: clockState(),
    }),
    'GET /connection': (_request, url) => connectionOf(cloud.seed, url.origin),
    'GET /state': () => context.store.content(),
    'GET /leftovers': () => cloud.leftovers(),
    'POST /reset': () => {
      cloud.reset()
      return { reset: true }
    },
    'GET /journal': (_request, url) => {
      const since = Number(url.searchParams.get('since') ?? 0)
      if (!Number.isInteger(since) || since < 0) throw new ControlError('since is the number of a request')
      return { count: journal.count, entries: journal.since(since) }
    },
    'GET /unmodelled': () => cloud.unmodelled(),
    'GET /snapshot': () => cloud.snapshot(),
    'PUT /snapshot': async (request) => {
      const snapshot: Snapshot = check(snapshotSchema, await readJson(request))
      try {
        cloud.restore(snapshot)
      } catch (error) {
        throw new ControlError(error instanceof Error ? error.message : String(error))
      }
      return { restored: true }
    },
    'GET /clock': clockState,
    'POST /clock': async (request) => {
      const params = check(clockSchema, await readJson(request))
      if ('mode' in params) context.clock.setMode(params.mode)
      else advance(params.advance)
      return clockState()
    },
    'GET /transitions': () => ({ pending: pendingTransitions(context) }),
    'POST /transitions': async (request) => {
      const params = check(transitionsSchema, await readJson(request))
      if ('next' in params && context.clock.mode === 'real')
        throw new ControlError('the clock is real: it advances by itself')
      return changeTransitions(context, params)
    },
    'GET /faults': () => ({ faults: faults.list() }),
    'POST /faults': async (request) => {
      try {
        return { id: faults.add(ruleOf(await readJson(request), context.clock.now())) }
      } catch (error) {
        if (error instanceof FaultRuleError) throw new ControlError(error.message)
        throw error
      }
    },
    'GET /presets': () =>
      Object.fromEntries(
        Object.entries(faultPresets).map(([name, { about, rule }]) => [
          name,
          { about, rule: rule(context.clock.now()) },
        ]),
      ),
    'DELETE /faults': () => ({ removed: faults.remove() }),
  }

  const advance = (duration: number | string): void => {
    try {
      context.clock.advance(duration)
    } catch (error) {
      if (error instanceof RangeError) throw new ControlError(error.message)
      throw error
    }
  }

  /** The resources with an ETag, so that a client that has them is told that they are the same (304). */
  const resources = async (route: ControlRoute, request: Request, url: URL): Promise<Answer> => {
    context.lifecycle.settle()
    const etag = `"${incarnation}-${context.store.version}"`
    const headers = { etag, 'cache-control': 'no-cache' }
    if (request.headers.get('if-none-match') === etag) return answerOf({ status: 304, headers }, {}, 'GET')
    return answerOf({ status: 200, headers, body: await route(request, url) }, {}, 'GET')
  }

  return async (request, url) => {
    if (url.pathname === '/') return answerOf({ status: 302, headers: { location: '/_fake/' } }, {}, 'GET')
    const path = url.pathname.slice('/_fake'.length) || '/'
    try {
      const rule = /^\/faults\/([^/]+)$/.exec(path)
      if (rule && request.method === 'DELETE') return removeFault(cloud, rule[1] ?? '')
      if (path === '/' && request.method === 'GET') return await statusPage()
      const shown = /^\/guests\/([^/]+)$/.exec(path)
      if (shown && request.method === 'GET') return showGuest(cloud, shown[1] ?? '')
      const guest = request.method === 'GET' ? guestMetadata(context, path) : undefined
      if (guest) return guest
      const route = routes[`${request.method} ${path}`]
      if (!route) return json(404, { error: `no control route ${request.method} ${url.pathname}` })
      if (request.method === 'GET' && resourcePaths.includes(path)) return resources(route, request, url)
      return json(200, await route(request, url))
    } catch (error) {
      if (error instanceof ControlError) return json(400, { error: error.message })
      // A defect of the fake: it is told, and the next request is served.
      return json(500, { error: error instanceof Error ? (error.stack ?? error.message) : String(error) })
    }
  }
}

/** Answers that change with the resources only. */
const resourcePaths = ['/state', '/leftovers']

const json = (status: number, body: unknown): Answer => answerOf({ status, body }, {}, 'GET')

const showGuest = (cloud: Cloud, serverId: string): Answer => {
  const guest = guestOf(cloud.context, serverId)
  if (guest === undefined) return json(404, { error: `there is no guest of a server ${serverId}` })
  return json(200, guest)
}

const removeFault = (cloud: Cloud, id: string): Answer => {
  const removed = cloud.faults.remove(id)
  if (removed === 0) return json(404, { error: `there is no fault ${id}` })
  return json(200, { removed })
}

/** A rule as it came (`add` checks it), or a preset's with the other keys in place of its own. */
const ruleOf = (body: unknown, now: number): FaultRule => {
  if (typeof body !== 'object' || body === null || !('preset' in body)) return body as FaultRule
  const { preset, ...changes } = body
  if (typeof preset !== 'string' || !isPresetName(preset)) {
    throw new ControlError(`unknown preset; known: ${Object.keys(faultPresets).join(', ')}`)
  }
  if ('do' in changes) throw new ControlError('a preset has its own `do`; give a rule without a preset')
  return presetRule(preset, now, changes)
}

const readJson = async (request: Request): Promise<unknown> => {
  try {
    return await request.json()
  } catch (error) {
    throw new ControlError(`the body is not JSON: ${error instanceof Error ? error.message : String(error)}`)
  }
}

const check = <T>(schema: z.ZodType<T>, value: unknown): T => {
  const result = schema.safeParse(value)
  if (!result.success) throw new ControlError(z.prettifyError(result.error))
  return result.data
}
