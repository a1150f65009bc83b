import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Snapshot } from 'fake-openstack'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Cell, type KillSignal, rehearse, runCell } from './cell.ts'
import { type Lane, openLane, otherDirector } from './lane.ts'
import { OutcomeTable } from './outcome-table.ts'
import { plant } from './planted.ts'
import { copyExecutable } from './run-process.ts'
import { variants } from './variants.ts'

const table = new OutcomeTable()
let planted: Snapshot
let folder: string
let executable: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'openstack-cpi-crash-'))
  executable = await copyExecutable(folder)
  const lane = await openLane(executable)
  try {
    await plant(lane)
    lane.cloud.clock.advance('5m')
    planted = lane.cloud.snapshot()
  } finally {
    await lane.close()
  }
})

afterAll(async () => {
  await rm(folder, { recursive: true })
  process.stdout.write(`\n${table}\n\n`)
})

async function withLane<R>(work: (lane: Lane) => Promise<R>): Promise<R> {
  const lane = await openLane(executable)
  try {
    return await work(lane)
  } finally {
    await lane.close()
  }
}

test('what directors know and what operators made is never listed', () =>
  withLane(async (lane) => {
    await lane.restore(planted)
    expect(await lane.leftovers()).toMatchObject({ exitCode: 0, leftovers: [] })
    // … and there is something to be found, of another.
    const others = await lane.leftovers('--director', otherDirector)
    expect(others.leftovers.map(({ kind }) => kind)).toEqual(['server', 'port', 'volume'])
  }))

describe.concurrent.each(variants)('$title', (variant) => {
  test.each<KillSignal>(['SIGKILL', 'SIGTERM'])(
    'contract §2 %s at every request, before and after it takes effect',
    (signal) =>
      withLane(async (lane) => {
        const rehearsal = await rehearse(lane, variant, planted)
        const wrong: string[] = []
        for (const [index, request] of rehearsal.requests.entries()) {
          for (const moment of ['before', 'after'] as const) {
            const cell: Cell = { n: index + 1, moment, signal }
            const result = await runCell(lane, rehearsal, cell)
            table.add(variant.title, cell, result)
            for (const problem of result.problems) wrong.push(`${signal} ${moment} ${cell.n} (${request}): ${problem}`)
          }
        }
        expect(wrong.join('\n')).toBe('')
      }),
  )
})
