import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { answerOf, aRequest, type RunOptions, runProgram } from './run-program.ts'

const program = fileURLToPath(new URL('./programs/odd-cpi.ts', import.meta.url))
const nodeOptions = ['--conditions=@openstack-cpi/source']

const runOdd = (behaviour: string, options: RunOptions = {}) =>
  runProgram(program, [behaviour], { nodeOptions, stdin: aRequest('has_vm', ['vm-1']), ...options })

test('contract §2 what libraries print goes to stderr', async () => {
  const run = await runOdd('prints')
  expect(run.stdout).toBe('{"result":true,"error":null,"log":""}')
  for (const noise of ['console.log', 'process.stdout', 'a warning'])
    expect(run.stderr).toContain(`noise from ${noise}`)
})

test('contract §2 a request of several MiB is read whole, with a newline at its end or without', async () => {
  const request = aRequest('has_vm', ['vm-1', 'ä'.repeat(2 * 1024 * 1024)])
  for (const stdin of [request, `${request}\n`]) expect(answerOf(await runOdd('', { stdin })).result).toBe(true)
})

describe('contract §2 an exception outside the call', () => {
  test('lets the call end: what it made is not forgotten', async () => {
    const run = await runOdd('throws elsewhere, then succeeds')
    expect(answerOf(run).result).toBe(true)
    expect(run.stderr).toContain('thrown elsewhere')
  })

  test('as a rejection nobody handles, too', async () => {
    const run = await runOdd('rejects elsewhere, then fails')
    expect(answerOf(run).error).toMatchObject({ type: 'Bosh::Clouds::VMNotFound', message: 'rolled back' })
    expect(run.stderr).toContain('rejected elsewhere')
  })

  test('is the answer when the call never ends', async () => {
    const { error } = answerOf(await runOdd('throws elsewhere, never settles'))
    expect(error).toMatchObject({ type: 'Bosh::Clouds::CloudError', message: 'thrown elsewhere' })
  })
})

test('contract §2 a call that ends without an answer is answered', async () => {
  const { error } = answerOf(await runOdd('never settles'))
  expect(error).toMatchObject({ type: 'Bosh::Clouds::CloudError', message: 'The call ended without an answer' })
})

describe('contract §2 signals', () => {
  test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
    '%s aborts waits, and the failure is answered',
    async (signal) => {
      const run = await runOdd('waits', {
        meanwhile: (child) => child.stderr.on('data', (text) => String(text).includes('waiting') && child.kill(signal)),
      })
      expect(answerOf(run).error?.message).toContain(`interrupted by ${signal}`)
    },
  )

  test('a second one ends a rollback that hangs, still with an answer', async () => {
    const run = await runOdd('hangs', {
      meanwhile: (child) =>
        child.stderr.on('data', (text) => /waiting|rolling back/.test(String(text)) && child.kill('SIGTERM')),
    })
    expect(answerOf(run).error?.message).toContain('interrupted by SIGTERM')
  })
})

describe('contract §13.11 an answer of several MiB', () => {
  const big = aRequest('calculate_vm_cloud_properties', [{ cpu: 1, ram: 1, ephemeral_disk_size: 1 }])

  test('arrives whole', async () => {
    const { result } = answerOf(await runOdd('', { stdin: big }))
    expect(result).toEqual({ big: 'ä'.repeat(4 * 1024 * 1024) })
  })

  test('that nobody reads is the one failure with an exit code', async () => {
    const run = await runOdd('', { stdin: big, meanwhile: (child) => child.stdout.destroy() })
    expect(run.exitCode).toBe(1)
    expect(run.stderr).toContain('The answer could not be written')
  })
})

test('contract §12 a stderr that nobody reads does not fail the call', async () => {
  const run = await runOdd('prints', { meanwhile: (child) => child.stderr.destroy() })
  expect(answerOf(run).result).toBe(true)
})
