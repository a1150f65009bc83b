import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { compiledCode, program } from '../../test/programs.ts'
import { SkippedCase } from './contract-scenario.ts'
import { executableCases } from './executable-cases.ts'
import type { CpiExecutableHarness } from './executable-harness.ts'
import { describeCpiExecutable } from './executable-suite.ts'

/** A harness with a cloud that is a file of created and deleted disks. */
const harnessOf = (command: readonly string[]): CpiExecutableHarness => {
  const folder = mkdtempSync(join(tmpdir(), 'cpi-executable-'))
  const journal = join(folder, 'journal')
  const file = (name: string, behaviour: string): string => {
    const path = join(folder, name)
    const secret = { password: 'pa55-of-the-file', url: 'https://user:url-pa55@cloud.test' }
    writeFileSync(path, JSON.stringify({ behaviour, journal, ...secret }))
    return path
  }
  const events = (): readonly string[] => (existsSync(journal) ? readFileSync(journal, 'utf8').trim().split('\n') : [])
  return {
    command,
    config: file('config.json', ''),
    env: { ODD_CPI_LOG_LEVEL: 'debug', ...compiledCode },
    missingCid: 'missing-1',
    brokenContext: { url: 'broken' },
    disk: { sizeMiB: 1024, cloudProperties: {} },
    callLimitMs: 20_000,
    slowCall: {
      method: 'create_disk',
      arguments: [1024, {}],
      config: file('slow.json', 'creates slowly'),
      begun: async () => {
        while (events().length === 0) await delay(20)
      },
    },
    hangingCall: {
      method: 'create_disk',
      arguments: [1024, {}],
      config: file('hanging.json', 'hangs in its rollback'),
      begun: async () => {
        while (events().length === 0) await delay(20)
      },
    },
    neverSettling: { method: 'has_vm', arguments: ['vm-1'], config: file('never.json', 'never settles') },
    leftovers: () => {
      const named = (word: string) => events().flatMap((line) => new RegExp(`^${word} ([^,]+)`).exec(line)?.[1] ?? [])
      return named('created').filter((disk) => !named('deleted').includes(disk))
    },
    close: () => rmSync(folder, { recursive: true }),
  }
}

describeCpiExecutable('a CPI run by runCpi', () => harnessOf(program('odd-cpi')))

/** Titles of the cases that fail. */
const failuresOf = async (mistake: string, only: RegExp): Promise<readonly string[]> => {
  const failing: string[] = []
  for (const { title, run } of executableCases.filter((one) => only.test(one.title))) {
    // Only a process that never ends has to be killed soon; on a busy machine the others may take their time.
    const callLimitMs = /a handle is open|waits for its request|a second SIGTERM/.test(title) ? 5_000 : 60_000
    const harness = { ...harnessOf([...program('careless-cpi'), mistake]), callLimitMs }
    try {
      await run(harness)
    } catch (error) {
      if (!(error instanceof SkippedCase)) failing.push(title)
    }
    await harness.close?.()
  }
  return failing
}

describe('the executable suite', () => {
  test.each([
    ['the context is lost', 'context', /reaches the driver/],
    ['something else is on stdout', 'banner', /a call that succeeds/],
    ['the exit code is 1 with an error', 'exit code', /a call that fails/],
    ['info needs the configuration', 'config for info', /info is answered/],
    ['a library prints', 'by hand', /although a library prints/],
    ['an open handle holds the process', 'by hand', /a handle is open/],
    ['a promise never settles', 'by hand', /never settles/],
    ['SIGTERM is not handled', 'by hand', /SIGTERM in the middle/],
    ['the answer that nobody reads', 'by hand', /nobody reads leaves/],
    ['secrets of the file', 'by hand', /no secret/],
    ['the request is printed', 'prints the request', /no secret/],
    ['the answer is written twice', 'two answers', /a call that succeeds/],
    ['the answer lacks a key', 'no log key', /a call that succeeds/],
    ['a child process prints', 'by hand', /a child process prints/],
    ['a temporary file is left', 'temporary file', /no temporary file/],
    ['SIGTERM is ignored while the request is awaited', 'deaf', /waits for its request/],
    ['SIGTERM is ignored for ever', 'deaf', /a second SIGTERM/],
    ['info fails for API version 1', 'version 2 only', /bosh CLI/],
    ['the API version is not checked', 'any version', /API version that does not exist/],
    ['the request is read up to 64 KiB', 'short read', /a request of a MiB/],
    ['garbage ends the process', 'crash on garbage', /garbage on stdin/],
  ])('finds the mistake: %s', async (_name, mistake, only) => {
    expect(await failuresOf(mistake, only)).toHaveLength(1)
  })
})
