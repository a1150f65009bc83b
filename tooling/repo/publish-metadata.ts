/**
 * Writes `repository`, `homepage` and `bugs` and the licence file into each published package, from the repository in
 * which the workflow runs: `node tooling/repo/publish-metadata.ts` before packing. Nothing of it is committed.
 */
import { execFileSync } from 'node:child_process'
import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './run-command.ts'

const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository } = process.env
if (!server || !repository) throw new Error('set GITHUB_SERVER_URL and GITHUB_REPOSITORY, as GitHub Actions does')
const address = `${server}/${repository}`

for (const folder of ['packages/cpi-core', 'packages/openstack-driver', 'apps/cli', 'apps/fake-openstack']) {
  const fields = [
    'repository.type=git',
    `repository.url=git+${address}.git`,
    `repository.directory=${folder}`,
    `homepage=${address}/tree/main/${folder}#readme`,
    `bugs=${address}/issues`,
  ]
  execFileSync('npm', ['pkg', 'set', ...fields], { cwd: join(root, folder), stdio: 'inherit' })
  copyFileSync(join(root, 'LICENSE'), join(root, folder, 'LICENSE'))
  console.log(`${folder}: ${address}`)
}
