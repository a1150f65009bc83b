import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Snapshot } from 'fake-openstack'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { copyExecutable } from '../src/cpi-process.ts'
import { otherDirectorUuid } from '../src/cpi-request.ts'
import { crashScenarios } from '../src/crashes/crash-scenarios.ts'
import { createExistingResources } from '../src/crashes/existing-resources.ts'
import { type CrashCell, type KillSignal, prepareCrash, runCell } from '../src/crashes/run-cell.ts'
import { openSandbox, type Sandbox } from '../src/crashes/sandbox.ts'
import type { CellOutcome } from '../src/outcome-table.ts'
import { isInSample } from '../src/sample.ts'
import { writeOutcomes } from './outcome-files.ts'

const sample = inject('sample')
const outcomes: CellOutcome[] = []
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

afterAll(async () => {
  await rm(folder, { recursive: true })
  await writeOutcomes('7-crashes', outcomes)
})

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

describe.concurrent.each(crashScenarios)('$name', (scenario) => {
  test.each<KillSignal>(['SIGKILL', 'SIGTERM'])(
    'contract §2 %s at every request, before and after it takes effect',
    (signal) =>
      withSandbox(async (sandbox) => {
        const prepared = await prepareCrash(sandbox, scenario, existing)
        const wrong: string[] = []
        for (const [index, request] of prepared.requests.entries()) {
          for (const moment of ['before', 'after'] as const) {
            const cell: CrashCell = { n: index + 1, moment, signal }
            const name = `${signal} ${moment} ${cell.n} (${request})`
            if (!isInSample(sample, `${scenario.name} / ${name}`)) continue
            const { outcome, problems } = await runCell(sandbox, prepared, cell)
            outcomes.push({
              matrix: 'crashes',
              method: prepared.request.method,
              kind: `${signal} ${moment}`,
              outcome,
              isDefect: outcome === 'defect',
            })
            for (const problem of problems) wrong.push(`${name}: ${problem}`)
          }
        }
        expect(wrong.join('\n')).toBe('')
      }),
  )
})
