import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Json } from '@openstack-cpi/cpi-core'
import { describeCpiExecutable } from '@openstack-cpi/cpi-core/testing'
import { describe, expect, test } from 'vitest'
import { processOf } from '../machine.ts'
import { type MachineCloud, openCloud } from './cloud-on-this-machine.ts'
import { guestImage } from './guest-image.ts'

const image = guestImage()
const main = fileURLToPath(new URL('../main.ts', import.meta.url))
const command = [process.execPath, '--conditions=workspace-source', main]

if ('path' in image) {
  describeCpiExecutable('QEMU on this machine', () => {
    const cloud = openCloud()
    return {
      command,
      config: cloud.configFile,
      env: { PATH: process.env['PATH'] ?? '', QEMU_CPI_LOG_LEVEL: 'debug' },
      missingCid: 'd-0123456789abcdef',
      brokenContext: { folder: 'relative' },
      disk: { sizeMiB: 16, cloudProperties: {} },
      leftovers: () => cloud.existing(),
      close: () => cloud.close(),
    }
  })
}

const start = (cloud: MachineCloud, method: string, values: readonly Json[]) => {
  const [program = '', ...args] = command
  const child = spawn(program, [...args, cloud.configFile], { stdio: ['pipe', 'pipe', 'ignore'] })
  child.stdin.end(JSON.stringify({ method, arguments: values, context: { director_uuid: 'd0e5' }, api_version: 2 }))
  return { child, answer: text(child.stdout) }
}

/** Moments of a create_vm, told by what is on the machine. */
const moments: Readonly<Record<string, (cloud: MachineCloud) => Promise<boolean> | boolean>> = {
  'its folder is made': (cloud) => unfinished(cloud) !== undefined,
  'its process runs': async (cloud) => {
    const id = unfinished(cloud)
    return id !== undefined && (await processOf(id)) !== undefined
  },
}

const unfinished = (cloud: MachineCloud): string | undefined => {
  const folder = `${String(cloud.config['folder'])}/unfinished`
  return existsSync(folder) ? readdirSync(folder).find((name) => name.startsWith('v-')) : undefined
}

describe.skipIf('missing' in image)('a killed create_vm', { timeout: 300_000 }, () => {
  test.each(
    Object.entries(moments).flatMap(([moment, isIt]) =>
      (['SIGTERM', 'SIGKILL'] as const).map((signal) => [signal, moment, isIt] as const),
    ),
  )('%s when %s: the next call leaves no process and no file', async (signal, _moment, isIt) => {
    const cloud = openCloud()
    try {
      const made = start(cloud, 'create_stemcell', ['path' in image ? image.path : '', {}])
      const { result: stemcell } = JSON.parse(await made.answer)
      const before = await cloud.existing()
      const { child } = start(cloud, 'create_vm', ['agent-1', stemcell, { memory: 160 }, {}, [], {}])
      const ended = once(child, 'exit')
      while (!(await isIt(cloud)) && child.exitCode === null) await setTimeout(1)
      child.kill(signal)
      await ended
      await start(cloud, 'has_vm', ['v-0123456789abcdef']).answer
      const vms = (await cloud.existing()).filter((name) => name.startsWith('vm '))
      for (const vm of vms) await start(cloud, 'delete_vm', [vm.slice(3)]).answer // it was complete by then
      expect(await cloud.existing()).toEqual(before)
    } finally {
      cloud.close()
    }
  })
})
