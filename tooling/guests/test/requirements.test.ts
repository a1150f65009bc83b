import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startProcess } from '@openstack-cpi/harness/process'
import { expect, onTestFinished, test } from 'vitest'

const inTooling = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url))
const isRoot = process.getuid?.() === 0

test.for([
  ['requirements names what the machine lacks', [inTooling('reference-cloud/guests/requirements')], true],
  ['the guest suite is skipped', [process.execPath, inTooling('guests/main.ts')], true],
  ['reference:up --guests says so before it makes anything', [inTooling('reference-cloud/up'), '--guests'], isRoot],
] as const)('on a machine that cannot run guests, %s', async ([, command, isPossible], { skip }) => {
  if (!isPossible) skip('only root may bring the reference cloud up')
  const folder = await mkdtemp(join(tmpdir(), 'openstack-cpi-requirements-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const state = join(folder, 'state')
  const machine = { PATH: process.env['PATH'] ?? '', REFERENCE_CLOUD_STATE: state, REFERENCE_CLOUD_MEMORY_MIB: '100' }
  const { exitCode, stdout, stderr } = await startProcess(command, machine).ended
  expect(stdout + stderr).toMatch(
    /^SKIPPED: this machine cannot run guests\. Missing:\n(.*\n)* {2}- 6144 MiB of free memory/,
  )
  expect({ exitCode, hasState: existsSync(state) }).toEqual({ exitCode: 75, hasState: false })
})
