/**
 * Starts both executables with the Node that runs this file, not with the pinned one: `node tooling/repo/smoke.ts`.
 * The supported versions are those in the packages' `engines`.
 */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { root } from './run-command.ts'

const cpi = join(root, 'apps/cli/bin/openstack-cpi.js')
const fake = join(root, 'apps/fake-openstack/bin/fake-openstack.js')

function mustPrint(what: string, args: readonly string[], stdin: string, wanted: RegExp): void {
  const { stdout, stderr, status } = spawnSync(process.execPath, args, {
    input: stdin,
    encoding: 'utf8',
    timeout: 60_000,
  })
  if (status === 0 && wanted.test(stdout)) {
    console.log(`ok     ${what} on Node ${process.version}`)
  } else {
    console.log(`FAILED ${what} on Node ${process.version}: exit ${status}\n${stdout}\n${stderr}`)
    process.exitCode = 1
  }
}

const info = '{"method":"info","arguments":[],"context":{"director_uuid":"smoke"}}'
mustPrint('info', [cpi, 'no-such-config.json'], info, /"api_version":3/)
mustPrint(
  'a fake cloud around a command',
  [
    fake,
    'exec',
    '--',
    process.execPath,
    '-e',
    'fetch(process.env.OS_AUTH_URL).then(async (r) => console.log(r.status, (await r.json()).version.id))',
  ],
  '',
  /^200 v3\.\d+/m,
)
