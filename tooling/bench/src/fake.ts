import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { createFakeOpenStack } from 'fake-openstack'
import { crowd } from './fake-crowd.ts'
import type { FakeFigure } from './fake-figure.ts'
import { growth } from './fake-growth.ts'
import { overHttp } from './fake-http.ts'
import { bootAndDelete } from './fake-life-cycle.ts'
import { type Spread, spread } from './statistics.ts'

const run = promisify(execFile)
const executable = fileURLToPath(new URL('../../../node_modules/.bin/fake-openstack', import.meta.url))

/** The fake's budgets, each measured where nothing else is in the way. */
export async function benchFake(): Promise<readonly FakeFigure[]> {
  return [
    ...(await library()),
    { what: 'listening, from the command line', unit: 'ms', measured: await listening(), budget: { atMost: 250 } },
    { what: 'reset of a used cloud', unit: 'ms', measured: await reset(), budget: { atMost: 1 } },
    ...(await overHttp()),
    { what: 'life cycle of a VM, virtual clock', unit: 'ms', measured: await lifeCycle(), budget: { atMost: 50 } },
    ...(await crowd()),
    ...(await growth()),
  ]
}

async function library(): Promise<readonly FakeFigure[]> {
  const runs: { readyMs: number; firstAnswerMs: number }[] = []
  for (let i = 0; i < 11; i++)
    runs.push(
      JSON.parse((await run(process.execPath, [fileURLToPath(new URL('./fake-ready.ts', import.meta.url))])).stdout),
    )
  return [
    {
      what: 'library ready, after import',
      unit: 'ms',
      measured: spread(runs.map(({ readyMs }) => readyMs)),
      budget: { atMost: 5 },
    },
    { what: 'its first answer, seed included', unit: 'ms', measured: spread(runs.map((one) => one.firstAnswerMs)) },
  ]
}

async function listening(): Promise<Spread> {
  const times: number[] = []
  for (let i = 0; i < 9; i++) {
    const start = performance.now()
    const child = spawn(executable, ['serve', '--port', '0'], { stdio: ['ignore', 'pipe', 'inherit'] })
    await once(child.stdout, 'data')
    times.push(performance.now() - start)
    child.kill('SIGTERM')
    await once(child, 'exit')
  }
  return spread(times)
}

async function reset(): Promise<Spread> {
  const cloud = createFakeOpenStack()
  const times: number[] = []
  for (let i = 0; i < 50; i++) {
    await bootAndDelete(cloud, false)
    const start = performance.now()
    cloud.reset()
    times.push(performance.now() - start)
  }
  return spread(times)
}

async function lifeCycle(): Promise<Spread> {
  const cloud = createFakeOpenStack()
  const times: number[] = []
  for (let i = 0; i < 40; i++) {
    const start = performance.now()
    await bootAndDelete(cloud, true)
    times.push(performance.now() - start)
  }
  if (Object.keys(cloud.leftovers()).length > 0) throw new Error('the life cycle left something behind')
  return spread(times)
}
