import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import type { FakeProcess } from '@openstack-cpi/harness/fake-process'
import { startProcess } from '@openstack-cpi/harness/process'
import { TenantView } from '@openstack-cpi/harness/tenant'
import { createFakeOpenStack } from 'fake-openstack'
import { bootAndDelete, growth, pageTimes } from './fake-clouds.ts'
import { type Figure, figure, inTurn, timed } from './statistics.ts'
import { createImage } from './upload.ts'
import { withFake } from './usage.ts'

/** The fake's budgets, each measured where nothing else is in the way. */
export async function benchFake(): Promise<readonly Figure[]> {
  const page = figure('page', await pageTimes())
  return [...(await starts()), ...(await inProcess()), ...(await withFake([], overHttp)), page, ...(await growth())]
}

/** How long the first cloud of a process takes, and the command until it listens, ms. */
async function starts(): Promise<readonly Figure[]> {
  const program = fileURLToPath(new URL('./fake-ready.ts', import.meta.url))
  const executable = fileURLToPath(new URL('../../../node_modules/.bin/fake-openstack', import.meta.url))
  const { library, listening } = await inTurn(9, {
    library: async () => Number((await startProcess([process.execPath, program], {}).ended).stdout),
    listening: async () => {
      const started = performance.now()
      const { child, ended } = startProcess([executable, 'serve', '--port', '0'], { PATH: '/usr/bin:/bin' })
      if (child.stdout !== null) await once(child.stdout, 'data')
      const passed = performance.now() - started
      child.kill('SIGTERM')
      await ended
      return passed
    },
  })
  return [figure('library-ready', library), figure('listening', listening)]
}

async function inProcess(): Promise<readonly Figure[]> {
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
  return [figure('reset', reset), figure('life-cycle', lifeCycle)]
}

/** Rate by the server's own CPU time, so that the client's does not count, and memory for an upload of 1 GiB. */
async function overHttp({ description, pid }: FakeProcess): Promise<readonly Figure[]> {
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
  return [figure('get-rate', rates), figure('upload-growth', [growthMiB])]
}

/** What a process has used so far, by the kernel's words. */
async function usageOf(pid: number | undefined): Promise<{ readonly cpuMs: number; readonly peakRssMiB: number }> {
  const [, fields = ''] = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')
  const [user, system] = fields.split(' ').slice(11, 13) // in ticks of 10 ms
  const [, peakKiB] = /^VmHWM:\s+(\d+)/m.exec(await readFile(`/proc/${pid}/status`, 'utf8')) ?? []
  return { cpuMs: (Number(user) + Number(system)) * 10, peakRssMiB: Number(peakKiB) / 1024 }
}

async function upload(view: TenantView): Promise<void> {
  const { url, headers } = await createImage(view, 'large')
  const chunk = Buffer.alloc(2 ** 20, 7)
  const body = Readable.from(Array.from({ length: 1024 }, () => chunk))
  const { status } = await fetch(url, { method: 'PUT', headers, body, duplex: 'half' })
  if (status !== 204) throw new Error(`the upload was answered with ${status}`)
}
