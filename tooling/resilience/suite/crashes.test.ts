import type { Snapshot } from 'fake-openstack'
import { beforeAll, describe, expect, inject, type RunnerTask, test } from 'vitest'
import { otherDirectorUuid } from '../src/cpi-request.ts'
import { type CrashRun, interrupt, runCell, runWithoutFolders } from '../src/crashes/run-cell.ts'
import { openSandbox } from '../src/crashes/sandbox.ts'
import { prepareScenario } from '../src/faults/prepared-scenario.ts'
import { type EndedCell, reportCells } from '../src/outcomes.ts'
import { fractionFor } from '../src/sample.ts'
import { crashScenarios, type Scenario } from '../src/scenarios/scenarios.ts'
import { createExistingResources, createInOtherProject, otherLogin } from '../src/scenarios/surroundings.ts'
import { isChosen, isChosenInStep, isMeant, isWanted } from './run-scenarios.ts'

const sample = inject('sample')
let existing: Snapshot

beforeAll(async () => {
  await using sandbox = await openSandbox()
  await createExistingResources(sandbox)
  // A call of the second director is killed when it reads the volume that it has created.
  const request = { method: 'create_disk', arguments: [1024, {}, null] }
  await interrupt(sandbox, request, { n: 3, moment: 'before', signal: 'SIGKILL' }, otherDirectorUuid)
  sandbox.cloud.clock.advance('5m')
  existing = sandbox.cloud.snapshot()
})

test('leftovers lists nothing that directors know or operators created', async () => {
  await using sandbox = await openSandbox(existing)
  expect(await sandbox.leftovers()).toMatchObject({ exitCode: 0, leftovers: [] })
  // … and there is something to find, of another director.
  const others = await sandbox.leftovers([], { directorUuid: otherDirectorUuid })
  expect(others.leftovers.map(({ kind }) => kind)).toEqual(['server', 'port', 'volume'])
})

test("design invariant 0: leftovers with an administrator's login lists nothing of the director's other project", async () => {
  await using sandbox = await openSandbox()
  await createInOtherProject(sandbox)
  expect(await sandbox.leftovers()).toMatchObject({ exitCode: 0, leftovers: [] })
  // … and there is something to find for its own login.
  const others = await sandbox.leftovers([], { openstack: otherLogin })
  expect(new Set(others.leftovers.map(({ kind }) => kind))).toEqual(new Set(['server', 'port']))
})

/** When each signal arrives. `after twice`: the repeated call is killed too, before one of its requests that the seed chooses. */
const moments = {
  SIGKILL: ['before', 'after', 'after twice'],
  SIGTERM: ['before', 'after', 'no-response'],
} as const

/** Prepares a scenario beside what exists, in a sandbox of its own. */
async function inSandbox(scenario: Scenario, task: RunnerTask, work: (run: CrashRun) => AsyncIterable<EndedCell>) {
  await using sandbox = await openSandbox(existing)
  const prepared = await prepareScenario(scenario, sandbox)
  const cells: EndedCell[] = []
  for await (const cell of work({ sandbox, prepared, known: new Map() })) cells.push(cell)
  reportCells(task, { matrix: 'crashes', method: prepared.request.method }, cells)
}

describe.concurrent.each(crashScenarios.filter(isMeant))('$name', (scenario) => {
  test.for(['full', 'impossible'] as const)(
    'contract §2 with folders that are %s ends as usual',
    async (folders, { task }) => {
      const name = `${scenario.name} / ${folders}`
      if (!isChosen({ name }) || !isWanted({ name })) return
      await inSandbox(scenario, task, async function* (run) {
        yield { name, kind: `folders ${folders}`, ...(await runWithoutFolders(run, folders)) }
      })
    },
  )

  test.for([
    ['SIGKILL', 'before and after it takes effect, and again when the call is repeated'],
    ['SIGTERM', 'before and after it takes effect, and when it is never answered'],
  ] as const)('contract §2 %s at every request, %s', async ([signal], { task }) => {
    // Preparing a scenario costs more than a cell: a sample is taken from few of them.
    if (!isChosenInStep({ name: `${scenario.name} / ${signal}` })) return
    await inSandbox(scenario, task, async function* (run) {
      const { requests } = run.prepared
      for (const when of moments[signal]) {
        const kind = `${signal} ${when}`
        for (const [index, { method, path }] of requests.entries()) {
          // A creation or an action that took effect: an interrupted call does not wait for its answer (driver spec §3.5).
          if (when === 'no-response' && method !== 'POST') continue
          const name = `${scenario.name} / ${kind} ${index + 1} (${method} ${path})`
          if (!isChosenInStep({ name }) || !isWanted({ name })) continue
          const again = 1 + Math.floor(fractionFor(sample, `${name} again`) * requests.length)
          const cell = when === 'after twice' ? ({ moment: 'after', again } as const) : { moment: when }
          yield { name, kind, ...(await runCell(run, { ...cell, n: index + 1, signal })) }
        }
      }
    })
  })
})
