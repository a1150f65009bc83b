/**
 * `npm run test:guests`: the guest suite, against the guest host that `npm run reference:up -- --guests` started.
 *
 *   --short     the one row that CI runs
 *   --all       every combination of disk bus, ephemeral disk and config drive in the rows of disk-hints
 *   --boots N   further boots at the end of each of these rows (default 0)
 *   FILE…       only these files of the suite
 *
 * Exit code 75 (SKIPPED): this machine cannot run guests.
 */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { descriptionFile, hostProgram } from './guest-host.ts'

const { values, positionals } = parseArgs({
  options: {
    short: { type: 'boolean', default: false },
    all: { type: 'boolean', default: false },
    boots: { type: 'string', default: '0' },
  },
  allowPositionals: true,
})
if (!/^\d{1,2}$/.test(values.boots)) {
  console.error(`--boots takes a number from 0 to 99, not ${JSON.stringify(values.boots)}`)
  process.exit(2)
}
const isUp = existsSync(descriptionFile) && spawnSync(hostProgram('in-host'), ['virsh', '-q', 'list']).status === 0
if (!isUp) {
  // It ends with the exit code of a skipped suite, and says what is missing.
  const { status, stderr } = spawnSync(hostProgram('requirements'), { encoding: 'utf8' })
  console.error(
    stderr.trim() || 'the guest host is not up: start it with "npm run reference:up -- --guests" (Debian 12, root)',
  )
  process.exit(status || 1)
}

const last = 'suite/nothing-left'
const chosen = positionals.length > 0 ? [...positionals, last] : []
const files = values.short ? ['suite/disk-hints-virtio', last, '-t', 'ephemeral disk: true|left nothing'] : chosen
const { status } = spawnSync('vitest', ['run', '--reporter=verbose', ...files], {
  cwd: fileURLToPath(new URL('.', import.meta.url)),
  stdio: 'inherit',
  env: { ...process.env, GUEST_BOOTS: values.boots, ...(values.all ? { GUEST_COMBINATIONS: 'all' } : {}) },
})
process.exitCode = status ?? 1
