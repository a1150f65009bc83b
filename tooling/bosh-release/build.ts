/** `npm run release:bosh`: writes `dist/bosh-openstack-cpi-<version>.tgz`. */
import { spawnSync } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { sha256 } from './archive.ts'
import { buildRelease } from './release.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const git = (...args: string[]) => spawnSync('git', args, { cwd: root, encoding: 'utf8' }).stdout.trim()

const { version, tarball } = await buildRelease({
  commitHash: git('rev-parse', '--short=12', 'HEAD'),
  uncommittedChanges: git('status', '--porcelain') !== '',
})
const folder = join(root, 'dist')
const file = join(folder, `bosh-openstack-cpi-${version}.tgz`)
await mkdir(folder, { recursive: true })
await writeFile(file, tarball)
console.log(`dist/bosh-openstack-cpi-${version}.tgz`)
console.log(`${(tarball.length / 1024 / 1024).toFixed(1)} MiB, sha256:${sha256(tarball)}`)
