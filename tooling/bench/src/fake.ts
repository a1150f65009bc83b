import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { type FakeProcess, startFake } from '@openstack-cpi/harness/fake-process'
import { startProcess } from '@openstack-cpi/harness/process'
import { TenantView } from '@openstack-cpi/harness/tenant'
import { createFakeOpenStack } from 'fake-openstack'
import { bootAndDelete, crowd } from './fake-clouds.ts'
import { growth } from './fake-growth.ts'
import { inTurn, type Spread, spread, timed } from './statistics.ts'
import { inFolder } from './usage.ts'

/** One figure of the fake. Without a budget it is there to be seen. */
export interface FakeFigure {
  readonly what: string
  readonly unit: string
  readonly measured: Spread
  readonly budget?: { readonly atMost: number } | { readonly atLeast: number }
}

const ms = (what: string, values: readonly number[], atMost?: number): FakeFigure => ({
  what,
  unit: 'ms',
  measured: spread(values),
  ...(atMost === undefined ? {} : { budget: { atMost } }),
})

/** The fake's budgets, each measured where nothing else is in the way. */
export async function benchFake(): Promise<readonly FakeFigure[]> {
  const { servers, page } = await crowd()
  return [
    ...(await library()),
    ms('listening, from the command line', await listening(), 250),
    ...(await inProcess()),
    ...(await inFolder(async (folder) => {
      const fake = await startFake(folder)
      try {
        return await overHttp(fake)
      } finally {
        await fake.stop()
      }
    })),
    ms(`page of 1,000 of ${servers.toLocaleString('en')} servers, with details`, page, 15),
    ...(await growth()).map(({ what, ratio }) => ({
      what,
      unit: '×',
      measured: spread([ratio]),
      budget: { atMost: 2 },
    })),
  ]
}

async function library(): Promise<readonly FakeFigure[]> {
  const program = fileURLToPath(new URL('./fake-ready.ts', import.meta.url))
  const runs: { readyMs: number; firstAnswerMs: number }[] = []
  for (let run = 0; run < 11; run++) {
    runs.push(JSON.parse((await startProcess([process.execPath, program], {}).ended).stdout))
  }
  const ready = runs.map(({ readyMs }) => readyMs)
  const answered = runs.map(({ firstAnswerMs }) => firstAnswerMs)
  return [ms('library ready, after import', ready, 5), ms('its first answer, seed included', answered)]
}

async function listening(): Promise<readonly number[]> {
  const executable = fileURLToPath(new URL('../../../node_modules/.bin/fake-openstack', import.meta.url))
  const { times } = await inTurn(9, {
    times: async () => {
      const started = performance.now()
      const { child, ended } = startProcess([executable, 'serve', '--port', '0'], { PATH: '/usr/bin:/bin' })
      if (child.stdout !== null) await once(child.stdout, 'data')
      const passed = performance.now() - started
      child.kill('SIGTERM')
      await ended
      return passed
    },
  })
  return times
}

async function inProcess(): Promise<readonly FakeFigure[]> {
  const used = createFakeOpenStack()
  const lived = createFakeOpenStack()
  const { reset, lifeCycle } = await inTurn(40, {
    reset: async () => {
      await bootAndDelete(used, false)
      return await timed(() => used.reset())
    },
    lifeCycle: () => timed(() => bootAndDelete(lived, true)),
  })
  if (Object.keys(lived.leftovers()).length > 0) throw new Error('the life cycle left something behind')
  return [ms('reset of a used cloud', reset, 1), ms('life cycle of a VM, virtual clock', lifeCycle, 50)]
}

/** Rate by the server's own CPU time, so that the client's does not count, and memory for an upload of 1 GiB. */
async function overHttp({ description, pid }: FakeProcess): Promise<readonly FakeFigure[]> {
  const view = await TenantView.login(description)
  const flavor = `flavors/${description.flavors['m1.tiny']?.id}`
  const [clients, each] = [8, 250]
  const { rates } = await inTurn(5, {
    rates: async () => {
      const before = await usageOf(pid)
      const client = async () => {
        for (let request = 0; request < each; request++) await view.show('compute', flavor, 'flavor')
      }
      await Promise.all(Array.from({ length: clients }, client))
      return ((clients * each) / ((await usageOf(pid)).cpuMs - before.cpuMs)) * 1000
    },
  })
  const before = await usageOf(pid)
  await upload(view)
  const growthMiB = (await usageOf(pid)).peakRssMiB - before.peakRssMiB
  return [
    {
      what: 'GET of a small object over loopback, by a core',
      unit: '/s',
      measured: spread(rates),
      budget: { atLeast: 2000 },
    },
    { what: 'growth of memory by 1 GiB uploaded', unit: 'MiB', measured: spread([growthMiB]), budget: { atMost: 50 } },
  ]
}

/** What a process has used so far, by the kernel's words. */
async function usageOf(pid: number | undefined): Promise<{ readonly cpuMs: number; readonly peakRssMiB: number }> {
  const [, fields = ''] = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')
  const [user, system] = fields.split(' ').slice(11, 13) // in ticks of 10 ms
  const [, peakKiB] = /^VmHWM:\s+(\d+)/m.exec(await readFile(`/proc/${pid}/status`, 'utf8')) ?? []
  return { cpuMs: (Number(user) + Number(system)) * 10, peakRssMiB: Number(peakKiB) / 1024 }
}

async function upload(view: TenantView): Promise<void> {
  const image = { name: 'large', disk_format: 'raw', container_format: 'bare' }
  const { body } = await view.request('POST', 'image', 'images', image)
  const { id } = body as { id: string } // Glance's answer to a create
  const chunk = Buffer.alloc(2 ** 20, 7)
  const { status } = await fetch(`${view.url('image')}/images/${id}/file`, {
    method: 'PUT',
    headers: { 'x-auth-token': view.token, 'content-type': 'application/octet-stream' },
    body: Readable.from(Array.from({ length: 1024 }, () => chunk)),
    duplex: 'half',
  })
  if (status !== 204) throw new Error(`the upload was answered with ${status}`)
}
