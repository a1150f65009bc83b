import type { HttpRequest, HttpResponse, SendHttp } from '@openstack-cpi/openstack-driver'
import { type CallOptions, callCpi } from '../cpi-call.ts'
import type { ApiRequest } from './api-request.ts'
import { type Cell, type CellResult, type FaultOutcome, isFine, proxyKind } from './cell.ts'
import { classifyError, classifySuccess, isBeyondTenant, repeat } from './classify.ts'
import type { Through } from './environments.ts'
import { expectedErrors, isExpected } from './expected-errors.ts'
import { type FaultKind, transitionRule } from './fault-kind.ts'
import type { PreparedScenario } from './prepared-scenario.ts'

/** Runs one cell and classifies how it ended. */
export async function runCell(prepared: PreparedScenario, cell: Cell, options: CallOptions = {}): Promise<CellResult> {
  const { cloud, request, scenario } = prepared
  prepared.reset()
  const { through = cell.through ?? options.through, wasReached } = install(prepared, cell)
  const own = { ...options, ...(through === undefined ? {} : { through }) }
  cell.meanwhile?.(cloud, false)
  const end = await callCpi(cloud, request, own)
  const isReached = wasReached()
  const requests = cloud.journal.toString()
  cell.meanwhile?.(cloud, true)
  const seen = prepared.settledState()
  const ended = (outcome: FaultOutcome, ...details: string[]): CellResult => ({
    cell,
    outcome,
    details: isFine(outcome) ? [] : [...details, ...end.log, requests],
  })
  if (end.is === 'malformed') return ended('malformed', end.document)
  if (end.is === 'hang') return ended('hang', end.why)
  if (!isReached) return ended('not reached')
  const { error, result } = end.response
  if (error === null) {
    const wrong = classifySuccess(prepared, cell, seen)
    if (wrong !== undefined) return isBeyondTenant(prepared, cell, end.log.join()) ? ended('reported') : ended(...wrong)
    if (cell.nature !== 'vanished' && prepared.comparable(result) !== prepared.result) {
      return ended('wrong result', `wanted ${prepared.result}`, `got    ${prepared.comparable(result)}`)
    }
    return ended('success')
  }
  const allowed = expectedErrors(request, cell)
  if (!isExpected(error, allowed)) {
    return ended('wrong error', `wanted ${JSON.stringify(allowed)}`, `got    ${JSON.stringify(error)}`)
  }
  const wrong = classifyError(prepared, cell, seen)
  if (wrong !== undefined) {
    return isBeyondTenant(prepared, cell, error.message)
      ? ended('reported')
      : ended(wrong[0], error.message, ...wrong.slice(1))
  }
  if (scenario.purpose !== 'change' && scenario.purpose !== 'delete') return ended('clean error')
  const problem = await repeat(prepared, cell, seen, own)
  return problem === undefined ? ended('clean error') : ended('not repeatable', error.message, ...problem)
}

interface Installed {
  readonly through?: Through
  /** Whether every fault of the cell has hit something. */
  readonly wasReached: () => boolean
}

/** Gives the cloud the faults of a cell. */
function install(
  prepared: PreparedScenario,
  { kind, place, rule, transition, vanishingPath, second }: Cell,
): Installed {
  const { cloud } = prepared
  if ('name' in place) {
    const id = transition && cloud.faults.add(transitionRule(place, transition))
    return { wasReached: hasHit(prepared, id === undefined ? [] : [id]) }
  }
  if (vanishingPath !== undefined) return inPlaceOf(prepared, place, vanishing(prepared, vanishingPath))
  if (kind === proxyKind) return inPlaceOf(prepared, place, proxyNotFound)
  const ids = rule === undefined ? [] : [addRule(prepared, place, rule)]
  if (second !== undefined) ids.push(addRule(prepared, second.place, second.rule))
  return { wasReached: hasHit(prepared, ids) }
}

const hasHit =
  ({ cloud }: PreparedScenario, ids: readonly string[]) =>
  (): boolean =>
    cloud.faults.list().every(({ id, hits }) => !ids.includes(id) || hits !== 0)

function addRule({ cloud }: PreparedScenario, place: ApiRequest, rule: FaultKind): string {
  const { service, operation, nth } = place
  return cloud.faults.add({
    match: { service, operation },
    skip: nth,
    times: rule.nature === 'lasting' ? null : 1,
    ...rule.effect(place, cloud.clock.now()),
  })
}

/**
 * Does something in place of one request of the clean run.
 * @param act sends the request itself where it is to reach the cloud
 */
function inPlaceOf(
  { requests }: PreparedScenario,
  place: ApiRequest,
  act: (request: HttpRequest, send: SendHttp) => Promise<HttpResponse>,
): Installed {
  const isSame = (request: { readonly method: string; readonly path: string }): boolean =>
    request.method === place.method && request.path === place.path
  let toPass = requests.slice(0, requests.indexOf(place)).filter(isSame).length
  let isReached = false
  return {
    wasReached: () => isReached,
    through: (send) => async (request) => {
      if (isReached || !isSame({ method: request.method, path: request.url.pathname })) return await send(request)
      if (toPass-- > 0) return await send(request)
      isReached = true
      return await act(request, send)
    },
  }
}

/** Before the request reaches the cloud, another user deletes the object that it is about. */
const vanishing =
  ({ cloud, token }: PreparedScenario, path: string) =>
  async (request: HttpRequest, send: SendHttp) => {
    await cloud.fetch(`${request.url.origin}${path}`, { method: 'DELETE', headers: { 'x-auth-token': token } })
    cloud.clock.advance('10s')
    return await send(request)
  }

/** A proxy or an ingress without a backend responds in place of the service. */
const proxyNotFound: SendHttp = async () => ({
  status: 404,
  headers: { 'content-type': 'text/plain' },
  body: 'default backend - 404',
})
