import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Snapshot } from 'fake-openstack'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { copyExecutable } from '../src/cpi-process.ts'
import { otherDirectorUuid } from '../src/cpi-request.ts'
import { crashScenarios } from '../src/crashes/crash-scenarios.ts'
import { createExistingResources } from '../src/crashes/existing-resources.ts'
import { type CrashCell, type KillSignal, prepareCrash, runCell, runWithoutFolders } from '../src/crashes/run-cell.ts'
import { openSandbox, type Sandbox } from '../src/crashes/sandbox.ts'
import type { Moment } from '../src/crashes/trap-proxy.ts'
import type { CellOutcome } from '../src/outcome-table.ts'
import { fractionFor, isInSample } from '../src/sample.ts'
import { makeAdministrator, otherLogin } from '../src/scenarios/administrator.ts'
import { createInOtherProject } from '../src/scenarios/surroundings.ts'

const sample = inject('sample')
let existing: Snapshot
let folder: string
let executable: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'openstack-cpi-crash-'))
  executable = await copyExecutable(folder)
  await withSandbox(async (sandbox) => {
    await createExistingResources(sandbox)
    sandbox.cloud.clock.advance('5m')
    existing = sandbox.cloud.snapshot()
  })
})

afterAll(() => rm(folder, { recursive: true }))

async function withSandbox<R>(work: (sandbox: Sandbox) => Promise<R>): Promise<R> {
  const sandbox = await openSandbox(executable)
  try {
    return await work(sandbox)
  } finally {
    await sandbox.close()
  }
}

test('leftovers lists nothing that directors know or operators created', () =>
  withSandbox(async (sandbox) => {
    await sandbox.restore(existing)
    expect(await sandbox.leftovers()).toMatchObject({ exitCode: 0, leftovers: [] })
    // … and there is something to find, of another director.
    const others = await sandbox.leftovers('--director', otherDirectorUuid)
    expect(others.leftovers.map(({ kind }) => kind)).toEqual(['server', 'port', 'volume'])
  }))

test("design invariant 0: leftovers with an administrator's login lists nothing of the director's other project", () =>
  withSandbox(async (sandbox) => {
    await createInOtherProject(sandbox.fixture)
    await makeAdministrator(sandbox.fixture)
    expect(await sandbox.leftovers()).toMatchObject({ exitCode: 0, leftovers: [] })
    // … and there is something to find for its own login.
    const others = await sandbox.leftoversWith(otherLogin)
    expect(new Set(others.leftovers.map(({ kind }) => kind))).toEqual(new Set(['server', 'port']))
  }))

interface Series {
  readonly signal: KillSignal
  readonly moment: Moment
  /** Of the requests that the signal meets. Default: all. */
  readonly isMet?: (request: string) => boolean
  /** Whether the repeated call is killed too, before one of its requests that the seed chooses. */
  readonly isRepeated?: boolean
}

const series: readonly Series[] = [
  { signal: 'SIGKILL', moment: 'before' },
  { signal: 'SIGKILL', moment: 'after' },
  { signal: 'SIGKILL', moment: 'after', isRepeated: true },
  { signal: 'SIGTERM', moment: 'before' },
  { signal: 'SIGTERM', moment: 'after' },
  // A creation or an action that took effect: an interrupted call does not wait for its answer (driver spec §3.5).
  { signal: 'SIGTERM', moment: 'no-response', isMet: (request) => request.startsWith('POST ') },
]

describe.concurrent.each(crashScenarios)('$name', (scenario) => {
  test.for(['full', 'impossible'] as const)('contract §2 with folders that are %s ends as usual', (folders, { task }) =>
    withSandbox(async (sandbox) => {
      if (!isInSample(sample, `${scenario.name} / ${folders}`)) return
      const prepared = await prepareCrash(sandbox, scenario, existing)
      const { outcome, problems } = await runWithoutFolders(sandbox, prepared, folders)
      const { method } = prepared.request
      const isDefect = outcome === 'defect'
      task.meta.outcomes = [{ matrix: 'crashes', method, kind: `folders ${folders}`, outcome, isDefect }]
      expect(problems.join('\n')).toBe('')
    }),
  )

  test.for([
    ['SIGKILL', 'before and after it takes effect, and again when the call is repeated'],
    ['SIGTERM', 'before and after it takes effect, and when it is never answered'],
  ] as const)('contract §2 %s at every request, %s', ([signal], { task }) =>
    withSandbox(async (sandbox) => {
      const prepared = await prepareCrash(sandbox, scenario, existing)
      const wrong: string[] = []
      const outcomes: CellOutcome[] = []
      for (const { moment, isMet = () => true, isRepeated = false } of series.filter((one) => one.signal === signal)) {
        const kind = `${signal} ${moment}${isRepeated ? ' twice' : ''}`
        for (const [index, request] of prepared.requests.entries()) {
          const n = index + 1
          const name = `${kind} ${n} (${request})`
          const fullName = `${scenario.name} / ${name}`
          if (!isMet(request) || !isInSample(sample, fullName)) continue
          const again = 1 + Math.floor(fractionFor(sample, `${fullName} again`) * prepared.requests.length)
          const cell: CrashCell = { n, moment, signal, ...(isRepeated ? { again } : {}) }
          const { outcome, problems } = await runCell(sandbox, prepared, cell)
          const { method } = prepared.request
          outcomes.push({ matrix: 'crashes', method, kind, outcome, isDefect: outcome === 'defect' })
          for (const problem of problems) wrong.push(`${name}${isRepeated ? `, then ${again}` : ''}: ${problem}`)
        }
      }
      task.meta.outcomes = outcomes
      expect(wrong.join('\n')).toBe('')
    }),
  )
})
