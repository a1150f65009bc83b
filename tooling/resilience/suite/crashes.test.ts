import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Snapshot } from 'fake-openstack'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { copyExecutable } from '../src/cpi-process.ts'
import { otherDirectorUuid } from '../src/cpi-request.ts'
import { type CrashScenario, crashScenarios } from '../src/crashes/crash-scenarios.ts'
import { createExistingResources } from '../src/crashes/existing-resources.ts'
import { type CrashCell, type KillSignal, type PreparedCrash, prepareCrash, runCell } from '../src/crashes/run-cell.ts'
import { openSandbox, type Sandbox } from '../src/crashes/sandbox.ts'
import type { Moment } from '../src/crashes/trap-proxy.ts'
import type { CellOutcome } from '../src/outcome-table.ts'
import { fractionFor, isInSample } from '../src/sample.ts'
import { createResourcesOfOtherProject, makeAdministrator, otherLogin } from '../src/scenarios/administrator.ts'
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

test("design invariant 0: leftovers with an administrator's login lists nothing of the director's other project", () =>
  withSandbox(async (sandbox) => {
    await createResourcesOfOtherProject(sandbox.fixture)
    await makeAdministrator(sandbox.fixture)
    expect(await sandbox.leftovers()).toMatchObject({ exitCode: 0, leftovers: [] })
    // … and there is something to find for its own login.
    const others = await sandbox.leftoversWith(otherLogin)
    expect(new Set(others.leftovers.map(({ kind }) => kind))).toEqual(new Set(['server', 'port']))
  }))

interface Series {
  readonly name: string
  readonly signal: KillSignal
  readonly moments: readonly Moment[]
  /** Of the requests that the signal meets. Default: all. */
  readonly isMet?: (request: string) => boolean
  /** Whether the repeated call is killed too, before one of its requests that the seed chooses. */
  readonly isRepeated?: boolean
}

const series: readonly Series[] = [
  {
    name: 'contract §2 SIGKILL at every request, before and after it takes effect',
    signal: 'SIGKILL',
    moments: ['before', 'after'],
  },
  {
    name: 'contract §2 SIGKILL at every request, and at one of the repeated call',
    signal: 'SIGKILL',
    moments: ['after'],
    isRepeated: true,
  },
  {
    name: 'contract §2 SIGTERM at every request, before and after it takes effect',
    signal: 'SIGTERM',
    moments: ['before', 'after'],
  },
  {
    name: 'driver spec §3.5 SIGTERM at every creation and action that took effect and is never answered',
    signal: 'SIGTERM',
    moments: ['no-response'],
    isMet: (request) => request.startsWith('POST '),
  },
]

/** A sandbox in which a scenario has run once, without a signal. Its series take turns. */
class Workplace {
  readonly #scenario: CrashScenario
  #opened: Promise<readonly [Sandbox, PreparedCrash]> | undefined
  #turn: Promise<unknown> = Promise.resolve()

  constructor(scenario: CrashScenario) {
    this.#scenario = scenario
  }

  use<R>(work: (sandbox: Sandbox, prepared: PreparedCrash) => Promise<R>): Promise<R> {
    const done = this.#turn.then(async () => {
      this.#opened ??= this.#open()
      return await work(...(await this.#opened))
    })
    this.#turn = done.catch(() => undefined)
    return done
  }

  async #open(): Promise<readonly [Sandbox, PreparedCrash]> {
    const sandbox = await openSandbox(executable)
    return [sandbox, await prepareCrash(sandbox, this.#scenario, existing)]
  }

  async close(): Promise<void> {
    await this.#turn
    const [sandbox] = (await this.#opened) ?? []
    await sandbox?.close()
  }
}

describe.concurrent.each(crashScenarios)('$name', (scenario) => {
  const workplace = new Workplace(scenario)
  afterAll(() => workplace.close())

  test.for(series.map((one) => [one.name, one] as const))('%s', ([, one]) => {
    const { signal, moments, isMet = () => true, isRepeated = false } = one
    return workplace.use(async (sandbox, prepared) => {
      const wrong: string[] = []
      for (const [index, request] of prepared.requests.entries()) {
        for (const moment of isMet(request) ? moments : []) {
          const n = index + 1
          const kind = `${signal} ${moment}${isRepeated ? ' twice' : ''}`
          const name = `${kind} ${n} (${request})`
          const fullName = `${scenario.name} / ${name}`
          if (!isInSample(sample, fullName)) continue
          const again = 1 + Math.floor(fractionFor(sample, `${fullName} again`) * prepared.requests.length)
          const cell: CrashCell = { n, moment, signal, ...(isRepeated ? { again } : {}) }
          const { outcome, problems } = await runCell(sandbox, prepared, cell)
          outcomes.push({
            matrix: 'crashes',
            method: prepared.request.method,
            kind,
            outcome,
            isDefect: outcome === 'defect',
          })
          for (const problem of problems) wrong.push(`${name}${isRepeated ? `, then ${again}` : ''}: ${problem}`)
        }
      }
      expect(wrong.join('\n')).toBe('')
    })
  })
})
