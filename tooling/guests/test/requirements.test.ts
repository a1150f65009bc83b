import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { skippedExitCode } from '../guest-host.ts'

const inTooling = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url))
let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'openstack-cpi-requirements-'))
})
afterEach(() => rm(folder, { recursive: true }))

/** Runs a program on a machine with 100 MiB of free memory and no cloud. */
function runWithoutMemory(command: string, ...args: string[]) {
  const state = join(folder, 'state')
  const env = { ...process.env, REFERENCE_CLOUD_STATE: state, REFERENCE_CLOUD_MEMORY_MIB: '100' }
  const { status, stdout, stderr } = spawnSync(command, args, { env, encoding: 'utf8' })
  return { status, output: stdout + stderr, hasState: existsSync(state) }
}

const skipped = {
  status: skippedExitCode,
  output: expect.stringMatching(
    /^SKIPPED: this machine cannot run guests\. Missing:\n(.*\n)* {2}- 6144 MiB of free memory/,
  ),
  hasState: false,
}

test('requirements names what the machine lacks', () => {
  expect(runWithoutMemory(inTooling('reference-cloud/guests/requirements'))).toMatchObject(skipped)
})

test('the guest suite is skipped on a machine that cannot run guests', () => {
  expect(runWithoutMemory(process.execPath, inTooling('guests/main.ts'))).toMatchObject(skipped)
})

test.skipIf(process.getuid?.() !== 0)('reference:up --guests says so before it installs or makes anything', () => {
  expect(runWithoutMemory(inTooling('reference-cloud/up'), '--guests')).toMatchObject(skipped)
})
