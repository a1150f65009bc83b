/**
 * Writes `repository`, `homepage` and `bugs` and the licence file into each published package, from the repository in
 * which the workflow runs: `node tooling/repo/publish-metadata.ts` before packing. Nothing of it is committed.
 */
import { copyFile, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { published } from './checks.ts'
import { withRepository } from './repository-fields.ts'
import { root } from './run-command.ts'

const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository } = process.env
if (!server || !repository) throw new Error('set GITHUB_SERVER_URL and GITHUB_REPOSITORY, as GitHub Actions does')

for (const folder of published) {
  const file = join(root, folder, 'package.json')
  const manifest = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown> // our own
  await writeFile(
    file,
    `${JSON.stringify(withRepository(manifest, `${server}/${repository}`, folder), undefined, 2)}\n`,
  )
  await copyFile(join(root, 'LICENSE'), join(root, folder, 'LICENSE'))
  console.log(`${folder}: ${server}/${repository}`)
}
