import type { SendHttp } from '@openstack-cpi/openstack-driver'
import { describe, expect, test, vi } from 'vitest'
import { type Cell, type CellEnd, cellsOf, isFine, playCell } from '../src/cell.ts'
import type { CallOptions } from '../src/cpi-call.ts'
import type { Scenario } from '../src/scenario.ts'
import { networkVariants, serverVariants } from '../src/scenarios/create-vm.ts'
import { diskScenarios } from '../src/scenarios/disks.ts'
import { poolScenarios } from '../src/scenarios/pools.ts'
import { networkScenarios, stemcellScenarios } from '../src/scenarios/stemcells-and-networks.ts'
import { openTheatre } from '../src/theatre.ts'

/** What is broken in the driver at the moment, and the kinds of undo that it has registered so far. */
const planted = vi.hoisted(() => ({
  forgottenUndo: undefined as string | undefined,
  everythingMayBeRetried: false,
  undosSeen: new Set<string>(),
}))

vi.mock('../../../packages/openstack-driver/src/rollback/rollback.ts', async (original) => {
  const real = await original<typeof import('../../../packages/openstack-driver/src/rollback/rollback.ts')>()
  const withRollback: typeof real.withRollback = (ctx, steps) =>
    real.withRollback(ctx, (rollback) =>
      steps({
        add: (label, undo) => {
          const kind = label.replace(/[0-9a-f]{8}-[0-9a-f-]{27}|\d+(\.\d+){3}/g, '…')
          planted.undosSeen.add(kind)
          return kind === planted.forgottenUndo ? () => undefined : rollback.add(label, undo)
        },
      }),
    )
  return { ...real, withRollback }
})

vi.mock('../../../packages/openstack-driver/src/errors/map-error.ts', async (original) => {
  const real = await original<typeof import('../../../packages/openstack-driver/src/errors/map-error.ts')>()
  const mapError: typeof real.mapError = (error, method) => {
    const mapped = real.mapError(error, method)
    return planted.everythingMayBeRetried ? Object.assign(mapped as object, { okToRetry: true }) : mapped
  }
  return { ...real, mapError }
})

const scenarios = [
  ...networkVariants,
  ...serverVariants,
  ...poolScenarios,
  ...diskScenarios,
  ...stemcellScenarios,
  ...networkScenarios,
]

function scenarioNamed(name: string): Scenario {
  const found = scenarios.find((one) => one.name === name)
  if (found === undefined) throw new Error(`no scenario ${name}`)
  return found
}

/** Plays the cells of some kinds; answers those that ended as no cell may. */
async function defectsOf(name: string, kinds: readonly string[], options: CallOptions = {}): Promise<CellEnd[]> {
  await using theatre = await openTheatre(scenarioNamed(name))
  const ends: CellEnd[] = []
  for (const cell of cellsOf(theatre).filter(({ kind }: Cell) => kinds.includes(kind))) {
    ends.push(await playCell(theatre, cell, options))
  }
  expect(ends.length).toBeGreaterThan(0)
  return ends.filter(({ verdict }) => !isFine(verdict))
}

const verdicts = (ends: readonly CellEnd[]): ReadonlySet<string> => new Set(ends.map(({ verdict }) => verdict))

const lasting = ['400', '500 for good', 'goes to ERROR']

/** Every undo that the driver registers, and a scenario that needs it. */
const undos: readonly (readonly [undo: string, scenario: string])[] = [
  ['port …', 'create_vm: two NICs'],
  ['server …', 'create_vm: manual'],
  ['boot volume …', 'create_vm: boot volume with type, old Nova'],
  ['floating IP … from our port', 'create_vm: floating IP of another VM, one pool'],
  ['floating IP …', 'create_vm: allocated floating IP, one pool'],
  ['server group …', 'create_vm: server group'],
  ['member … of pool …', 'create_vm: two pools'],
  ['volume …', 'create_disk: plain'],
  ['attachment of volume … to server …', 'attach_disk'],
  ['snapshot …', 'snapshot_disk'],
  ['image …', 'create_stemcell: heavy'],
  ['network …', 'create_network: router'],
]

describe('contract §6 the matrix finds a driver that forgets to undo', () => {
  test.each(undos)('%s', async (undo, scenario) => {
    planted.forgottenUndo = undo
    try {
      expect(verdicts(await defectsOf(scenario, lasting))).toContain('leak')
    } finally {
      planted.forgottenUndo = undefined
    }
    expect(await defectsOf(scenario, lasting)).toEqual([])
  })

  test('and no undo is missing here', () => {
    expect([...planted.undosSeen].toSorted()).toEqual(undos.map(([undo]) => undo).toSorted())
  })
})

/** Sends a POST again whose answer was lost, as clients do that cannot tell reading from creating. */
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
  'the matrix finds a driver that repeats creations blindly: %s',
  async (scenario) => {
    const defects = await defectsOf(scenario, ['reset after effect'], { through: repeatingBlindly })
    expect(verdicts(defects)).toContain('twin')
  },
)

/** A server that did not become active in time is nobody's any more: it is not deleted. */
const losingTheServer =
  (send: SendHttp): SendHttp =>
  async (request) =>
    request.method === 'DELETE' && /\/servers\/[^/]+$/.test(request.url.pathname)
      ? { status: 204, headers: {}, body: '' }
      : await send(request)

test('contract §6 the matrix finds a driver that loses the server when a wait ends', async () => {
  const defects = await defectsOf('create_vm: manual', ['never changes'], { through: losingTheServer })
  expect(verdicts(defects)).toContain('leak')
})

test('the matrix finds a driver that lets the director repeat what cannot succeed', async () => {
  planted.everythingMayBeRetried = true
  try {
    expect(verdicts(await defectsOf('create_vm: manual', ['400']))).toEqual(new Set(['wrong class']))
  } finally {
    planted.everythingMayBeRetried = false
  }
})

/** Does not look at the status. */
const hopeful =
  (send: SendHttp): SendHttp =>
  async (request) => {
    const response = await send(request)
    return response.status === 500 ? { ...response, status: 200, body: '{"metadata":{}}' } : response
  }

test('contract §6 the matrix finds a driver that takes a failure for a success', async () => {
  const defects = await defectsOf('set_disk_metadata', ['500'], { through: hopeful })
  expect(verdicts(defects)).toContain('loss')
})
