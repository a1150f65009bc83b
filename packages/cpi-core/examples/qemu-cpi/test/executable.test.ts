import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import type { Json } from '@openstack-cpi/cpi-core'
import { describeCpiExecutable } from '@openstack-cpi/cpi-core/testing'
import { describe, expect, test } from 'vitest'
import { type MachineCloud, missingCid, openCloud } from './cloud-on-this-machine.ts'
import { hasQemu } from './linux-guest.ts'

const { PATH = '', NODE_COMPILE_CACHE = '' } = process.env
const main = fileURLToPath(new URL('../main.ts', import.meta.url))
const command = [process.execPath, '--conditions=workspace-source', main]

if (hasQemu) {
  describeCpiExecutable('QEMU on this machine', () => {
    const cloud = openCloud()
    return {
      command,
      config: cloud.configFile,
      env: { PATH, NODE_COMPILE_CACHE, QEMU_CPI_LOG_LEVEL: 'debug' },
      missingCid,
      brokenContext: { folder: 'relative' },
      disk: { sizeMiB: 16, cloudProperties: {} },
      vm: {
        stemcell: { imagePath: cloud.smallGuest, cloudProperties: {} },
        cloudProperties: { memory: 160 },
        networks: { a: { type: 'dynamic' } },
      },
      leftovers: () => cloud.existing(),
      close: () => cloud.close(),
    }
  })
}

const start = (cloud: MachineCloud, method: string, values: readonly Json[], env: NodeJS.ProcessEnv = {}) => {
  const [program = '', ...args] = command
  const child = spawn(program, [...args, cloud.configFile], {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: { ...process.env, ...env },
  })
  child.stdin.end(JSON.stringify({ method, arguments: values, context: { director_uuid: 'd0e5' }, api_version: 2 }))
  return { child, answer: text(child.stdout) }
}

/** Sends the signal to the process itself, when it has begun the given step: the n-th operation on files or processes. */
const stopAt = (step: number, signal: string): string => `
  import { syncBuiltinESMExports } from 'node:module'
  import files from 'node:fs/promises'
  import processes from 'node:child_process'
  import syncFiles from 'node:fs'
  let steps = 0
  const counting = (original) => (...values) => {
    const result = original(...values)
    steps += 1
    if (steps === ${step}) process.kill(process.pid, '${signal}')
    return result
  }
  for (const name of ['copyFile', 'mkdir', 'readdir', 'rename', 'rm', 'truncate', 'writeFile']) {
    files[name] = counting(files[name])
  }
  processes.spawn = counting(processes.spawn)
  const { writeSync } = syncFiles
  const step = counting(() => undefined)
  syncFiles.writeSync = (fd, bytes, ...rest) => {
    const isAnswer = bytes.toString().startsWith('{"result"')
    if (isAnswer) step()
    const written = writeSync(fd, bytes, ...rest)
    if (isAnswer) step()
    return written
  }
  syncBuiltinESMExports()
  process.on('exit', () => syncFiles.writeFileSync(process.env.STEPS_FILE, String(steps)))
`

describe.runIf(hasQemu)('a create_vm that is stopped', { timeout: 900_000 }, () => {
  /** Runs a create_vm that is stopped at a step, looks, and deletes the VM if the director knows it. */
  const runStopped = async (cloud: MachineCloud, stemcell: string, step: number, signal: 'SIGTERM' | 'SIGKILL') => {
    const NODE_OPTIONS = `--import=data:text/javascript,${encodeURIComponent(stopAt(step, signal))}`
    const STEPS_FILE = `${cloud.configFile}.steps`
    const values = ['agent-1', stemcell, { memory: 160, ephemeral_disk: 1 }, { a: { type: 'dynamic' } }, [], {}]
    const { child, answer } = start(cloud, 'create_vm', values, { NODE_OPTIONS, STEPS_FILE })
    await once(child, 'exit')
    const document = await answer
    const { result = null } = document === '' ? {} : JSON.parse(document)
    if (result !== null) await start(cloud, 'delete_vm', [result[0]]).answer
    return { document, steps: () => Number(readFileSync(STEPS_FILE, 'utf8')) }
  }

  test.each(['SIGTERM', 'SIGKILL'] as const)('contract §2, §6.4 by %s at any step leaves nothing', async (signal) => {
    const cloud = openCloud()
    try {
      const { answer } = start(cloud, 'create_stemcell', [cloud.smallGuest, {}])
      const { result: stemcell } = JSON.parse(await answer)
      const before = await cloud.existing()
      const whole = await runStopped(cloud, stemcell, 0, signal)
      const steps = whole.steps()
      expect(steps).toBeGreaterThan(10)
      for (let step = 1; step <= steps; step += 1) {
        const { document } = await runStopped(cloud, stemcell, step, signal)
        if (signal === 'SIGTERM') expect(JSON.parse(document)).toHaveProperty('result')
        // Before any other call: a VM ends with its call, and so does the shell that would release it.
        await expect.poll(() => cloud.processes(), { timeout: 120_000, message: `step ${step}` }).toEqual([])
        if (document === '') await start(cloud, 'has_vm', [missingCid]).answer // any next call
        expect({ step, existing: await cloud.existing() }).toEqual({ step, existing: before })
      }
    } finally {
      await cloud.close()
    }
  })
})
