import type { ServerResponse } from 'node:http'
import type { JsonObject } from '@openstack-cpi/cpi-core'
import type { OpenStackCpiOptions } from '../src/create-context.ts'
import { createDriverContext } from '../src/create-context.ts'
import type { DriverContext } from '../src/driver-context.ts'
import { type InstantClock, instantClock } from './instant-clock.ts'
import { recordingLog } from './recording-log.ts'
import { answer, type Script, type ScriptedServer, type SeenRequest, scriptedServer } from './scripted-server.ts'

/** A Keystone that gives tokens `token-1`, `token-2`, … and one address for all services, which a test scripts. */
export interface ScriptedCloud extends ScriptedServer {
  readonly ctx: DriverContext
  readonly clock: InstantClock
  readonly log: readonly string[]
  /** Logins so far. */
  logins(): number
  /** Requests to services. */
  calls(): readonly SeenRequest[]
}

export interface ScriptedCloudOptions {
  /** Answers what is no login. */
  readonly service?: Script
  /** Replaces Keystone's answer; return false to let it answer as usual. */
  readonly keystone?: (response: ServerResponse, login: number) => boolean
  readonly tokenLifeMs?: number
  /** More entries of the catalog, for services at this origin. */
  readonly catalog?: (origin: string) => readonly unknown[]
  /** Changes to the `openstack` properties. */
  readonly properties?: JsonObject
  /** What the call brings for `openstack` beside the file. */
  readonly configOverrides?: JsonObject
  readonly options?: Partial<OpenStackCpiOptions>
  readonly signal?: AbortSignal
}

export const password = 'correct-horse-battery'

export async function scriptedCloud(given: ScriptedCloudOptions = {}): Promise<ScriptedCloud> {
  const clock = instantClock()
  const log = recordingLog()
  let logins = 0
  const server = await scriptedServer((request, response) => {
    if (request.path !== '/v3/auth/tokens') {
      if (given.service === undefined) return answer(response, 404, {})
      return given.service(request, response)
    }
    logins += 1
    if (given.keystone?.(response, logins) === true) return
    const expires_at = new Date(clock.nowMs() + (given.tokenLifeMs ?? 3_600_000)).toISOString()
    const endpoint = (path: string) => [{ interface: 'public', region_id: 'R1', url: server.origin + path }]
    const catalog = [
      { type: 'compute', endpoints: endpoint('/compute/v2.1') },
      { type: 'network', endpoints: endpoint('/network') },
      { type: 'image', endpoints: endpoint('/image') },
      { type: 'volumev3', endpoints: endpoint('/volume/v3/p') },
      ...(given.catalog?.(server.origin) ?? []),
    ]
    const token = { expires_at, project: { id: 'p', name: 'prj' }, user: { id: 'u', name: 'usr' }, roles: [], catalog }
    answer(response, 201, { token }, { 'x-subject-token': `token-${logins}` })
  })
  const ctx = createDriverContext({
    cloudProperties: {
      openstack: {
        auth_url: `${server.origin}/v3`,
        username: 'usr',
        api_key: password,
        project: 'prj',
        domain: 'd',
        ...given.properties,
      },
    },
    clock,
    random: { uuid: () => '00000000-0000-4000-8000-000000000000', fraction: () => 0.5 },
    tmpDir: '/nowhere',
    environment: {},
    userAgent: 'openstack-cpi/1.2.3',
    call: {
      method: 'has_vm',
      apiVersion: 2,
      directorUuid: 'director',
      configOverrides: given.configOverrides ?? {},
      signal: given.signal ?? new AbortController().signal,
      log,
      secrets: { add: () => undefined, redact: (text) => text },
    },
    ...given.options,
  })
  return {
    ...server,
    ctx,
    clock,
    log: log.lines,
    logins: () => logins,
    calls: () => server.requests.filter((request) => request.path !== '/v3/auth/tokens'),
  }
}
