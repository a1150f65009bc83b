import type { HttpRequest } from '@openstack-cpi/openstack-driver'
import { type CallOptions, callCpi } from '../cpi-call.ts'
import type { ApiRequest } from './api-request.ts'
import { type Cell, type CellResult, type FaultOutcome, isFine } from './cell.ts'
import { classifyError, classifySuccess, isBeyondTenant, repeat } from './classify.ts'
import { expectedErrors, isExpected } from './expected-errors.ts'
import { type FaultKind, transitionRule } from './fault-kind.ts'
import type { PreparedScenario } from './prepared-scenario.ts'

/** Runs one cell and classifies how it ended. */
export async function runCell(prepared: PreparedScenario, cell: Cell, options: CallOptions = {}): Promise<CellResult> {
  const { cloud, request, scenario } = prepared
  prepared.reset()
  const vanishing = install(prepared, cell)
  if (cell.second !== undefined) addRule(prepared, cell.second.place, cell.second.rule)
  const end = await callCpi(cloud, request, {
    ...options,
    ...(vanishing ? { beforeRequest: vanishing.beforeRequest } : {}),
  })
  const own = cloud.faults.list().slice(cell.second === undefined ? -1 : -2)
  const wasReached = vanishing ? vanishing.wasReached() : own.every(({ hits }) => hits !== 0)
  const requests = cloud.journal.toString()
  const seen = prepared.settledState()
  const ended = (outcome: FaultOutcome, ...details: string[]): CellResult => ({
    cell,
    outcome,
    details: isFine(outcome) ? [] : [...details, ...end.log, requests],
  })
  if (end.is === 'malformed') return ended('malformed', end.document)
  if (end.is === 'hang') return ended('hang', end.why)
  if (!wasReached) return ended('not reached')
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
  const problem = await repeat(prepared, cell, seen, options)
  return problem === undefined ? ended('clean error') : ended('not repeatable', error.message, ...problem)
}

interface Vanishing {
  readonly beforeRequest: (request: HttpRequest) => Promise<void>
  readonly wasReached: () => boolean
}

function install(prepared: PreparedScenario, cell: Cell): Vanishing | undefined {
  const { cloud } = prepared
  const { hit, place } = cell
  if ('transition' in hit) {
    if ('name' in place) cloud.faults.add(transitionRule(place, hit.transition))
    return undefined
  }
  if (!('service' in place)) return undefined
  if ('rule' in hit) {
    addRule(prepared, place, hit.rule)
    return undefined
  }
  return vanishingOf(prepared, place, hit.vanishing)
}

function addRule({ cloud }: PreparedScenario, place: ApiRequest, rule: FaultKind): void {
  const { service, operation, nth } = place
  cloud.faults.add({
    match: { service, operation },
    skip: nth,
    times: rule.nature === 'lasting' ? null : 1,
    ...rule.effect(place, cloud.clock.now()),
  })
}

/** Before the request reaches the cloud, another user deletes the object that it is about. */
function vanishingOf({ cloud, requests, token }: PreparedScenario, place: ApiRequest, path: string): Vanishing {
  const same = (request: { readonly method: string; readonly path: string }): boolean =>
    request.method === place.method && request.path === place.path
  let toPass = requests.slice(0, requests.indexOf(place)).filter(same).length
  let wasReached = false
  return {
    wasReached: () => wasReached,
    beforeRequest: async ({ method, url }) => {
      if (wasReached || !same({ method, path: url.pathname })) return
      if (toPass > 0) {
        toPass -= 1
        return
      }
      wasReached = true
      await cloud.fetch(`${url.origin}${path}`, { method: 'DELETE', headers: { 'x-auth-token': token } })
      cloud.clock.advance('10s')
    },
  }
}
