/**
 * `npm run fuzz`: every property test, `FUZZ_FACTOR` times longer than usual (50 unless told otherwise), with no limit of
 * time. What fails says with which seed and path it does so again.
 */
import { glob, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { root, run } from './run-command.ts'

process.env['FUZZ_FACTOR'] ||= '50'
let failed = false
for (const workspace of ['packages/cpi-core', 'packages/openstack-driver', 'apps/cli', 'apps/fake-openstack']) {
  const files: string[] = []
  for await (const file of glob(['src/**/*.test.ts', 'test/**/*.test.ts'], { cwd: join(root, workspace) })) {
    const source = await readFile(join(root, workspace, file), 'utf8')
    if (source.includes("from 'fast-check'")) files.push(file)
  }
  const { exitCode } = await run('vitest', ['run', '--root', workspace, '--testTimeout=0', ...files])
  failed ||= exitCode !== 0
}
process.exitCode = failed ? 1 : 0
