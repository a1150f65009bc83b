import type { Cpi } from '@openstack-cpi/cpi-core'
import type { HttpRequest, SendHttp } from '@openstack-cpi/openstack-driver'
import { describe, expect, test } from 'vitest'
import type { CallOptions } from '../src/cpi-call.ts'
import { requestsOf } from '../src/faults/api-request.ts'
import { type Cell, cellsOf, isFine } from '../src/faults/cell.ts'
import { prepareScenario } from '../src/faults/prepared-scenario.ts'
import { runCell } from '../src/faults/run-cell.ts'
import { scenarioNamed } from '../src/scenarios/scenarios.ts'

/** The outcomes of cells of some kinds that end as no cell may; up to the first one of a kind of outcome, if given. */
async function defectsOf(
  name: string,
  kinds: readonly string[],
  options: CallOptions,
  wanted?: string,
): Promise<ReadonlySet<string>> {
  await using prepared = await prepareScenario(scenarioNamed(name))
  const outcomes = new Set<string>()
  for (const cell of cellsOf(prepared).filter(({ kind }: Cell) => kinds.includes(kind))) {
    const { outcome } = await runCell(prepared, cell, options)
    if (!isFine(outcome)) outcomes.add(outcome)
    if (outcome === wanted) break
  }
  return outcomes
}

const lasting = ['400', '500 for good', 'goes to ERROR']

interface Undo {
  /** Operation of the API that undoes something, as the journal names it. */
  readonly operation: string
  readonly scenario: string
  readonly isUndo: (request: HttpRequest) => boolean
}

const undo = (operation: string, scenario: string, method: string, path: RegExp): Undo => ({
  operation,
  scenario,
  isUndo: (request) => request.method === method && path.test(request.url.pathname),
})

/** Every operation by which the driver undoes something, with a scenario that needs it. */
const undos: readonly Undo[] = [
  undo('network ports.delete', 'create_vm: two NICs', 'DELETE', /\/ports\/[^/]+$/),
  undo('compute servers.delete', 'create_vm: manual', 'DELETE', /\/servers\/[^/]+$/),
  undo('block-storage volumes.delete', 'create_disk: plain', 'DELETE', /\/volumes\/[^/]+$/),
  undo('block-storage volumes.delete', 'create_vm: boot volume with type, old Nova', 'DELETE', /\/volumes\/[^/]+$/),
  {
    operation: 'network floatingips.update',
    scenario: 'create_vm: floating IP of another VM, one pool',
    isUndo: ({ method, url, body }) =>
      method === 'PUT' && url.pathname.includes('/floatingips/') && String(body).includes('10.10.1.8'),
  },
  undo('network floatingips.delete', 'create_vm: allocated floating IP, one pool', 'DELETE', /\/floatingips\/[^/]+$/),
  undo('compute server-groups.delete', 'create_vm: server group', 'DELETE', /\/os-server-groups\/[^/]+$/),
  undo('load-balancer members.delete', 'create_vm: two pools', 'DELETE', /\/members\/[^/]+$/),
  undo('compute volume-attachments.delete', 'attach_disk', 'DELETE', /\/os-volume_attachments\/[^/]+$/),
  undo('block-storage snapshots.delete', 'snapshot_disk', 'DELETE', /\/snapshots\/[^/]+$/),
  undo('image images.delete', 'create_stemcell: heavy', 'DELETE', /\/images\/[^/]+$/),
  undo('network networks.delete', 'create_network: router', 'DELETE', /\/networks\/[^/]+$/),
]

/** Claims that a request succeeded, without sending it. */
const skipping =
  (isSkipped: (request: HttpRequest) => boolean) =>
  (send: SendHttp): SendHttp =>
  async (request) =>
    isSkipped(request) ? { status: 204, headers: {}, body: '' } : await send(request)

describe('contract §6 the matrix finds a driver that skips an undo', () => {
  test.each(undos)('$operation in $scenario', async ({ scenario, isUndo }) => {
    // A driver that reads the resource again notices; a leak it is nevertheless.
    expect(await defectsOf(scenario, lasting, { through: skipping(isUndo) }, 'leak')).toContain('leak')
  })

  test('and every DELETE of a rollback is in the list', async () => {
    const seen = new Set<string>()
    for (const { scenario } of undos) {
      await using prepared = await prepareScenario(scenarioNamed(scenario))
      for (const cell of cellsOf(prepared).filter(({ kind }) => kind === '400')) {
        await runCell(prepared, cell)
        const requests = requestsOf(prepared.cloud.journal.since())
        for (const { method, service, operation } of requests)
          if (method === 'DELETE') seen.add(`${service} ${operation}`)
      }
    }
    const deletions = new Set(
      undos.map(({ operation }) => operation).filter((operation) => operation.endsWith('.delete')),
    )
    // Neutron deletes a subnet with its network: without this undo nothing is left.
    deletions.add('network subnets.delete')
    expect([...seen].toSorted()).toEqual([...deletions].toSorted())
  })
})

/** Sends a POST again that got no response, as clients do that do not tell reads from creations. */
const repeatingBlindly =
  (send: SendHttp): SendHttp =>
  async (request) => {
    try {
      return await send(request)
    } catch (error) {
      if (request.method !== 'POST') throw error
      return await send(request)
    }
  }

test.each(['create_vm: dynamic', 'create_disk: plain', 'snapshot_disk'])(
  '§3.5 the matrix finds a driver that repeats creations blindly: %s',
  async (scenario) => {
    const through = repeatingBlindly
    expect(await defectsOf(scenario, ['reset after effect'], { through }, 'duplicate')).toContain('duplicate')
  },
)

test('contract §6 the matrix finds a driver that loses the server when a wait ends', async () => {
  const isDeletion = ({ method, url }: HttpRequest): boolean =>
    method === 'DELETE' && /\/servers\/[^/]+$/.test(url.pathname)
  const through = skipping(isDeletion)
  expect(await defectsOf('create_vm: manual', ['never changes'], { through }, 'leak')).toContain('leak')
})

/** Lets the director repeat every failed `create_vm`. */
const alwaysRetryable = (cpi: Cpi): Cpi => ({
  ...cpi,
  createVm: async (...args) => {
    try {
      return await cpi.createVm(...args)
    } catch (error) {
      throw Object.assign(Object(error), { okToRetry: true })
    }
  },
})

test('contract §4.1 the matrix finds a driver that lets the director repeat what cannot succeed', async () => {
  expect(await defectsOf('create_vm: manual', ['400'], { around: alwaysRetryable })).toEqual(new Set(['wrong error']))
})

/** Ignores the status of responses. */
const ignoringStatus =
  (send: SendHttp): SendHttp =>
  async (request) => {
    const response = await send(request)
    return response.status === 500 ? { ...response, status: 200, body: '{"metadata":{}}' } : response
  }

test('contract §6 the matrix finds a driver that takes a failure for a success', async () => {
  expect(await defectsOf('set_disk_metadata', ['500'], { through: ignoringStatus }, 'loss')).toContain('loss')
})
