import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { plainEnvironment } from '../local-job.ts'
import { buildRelease } from '../release.ts'

/** What git would say, told apart from a real build; the runtime's 120 MiB take seconds to compress well. */
export const releaseOptions = { commitHash: '0123456789ab', uncommittedChanges: false, level: 1 }

/** A release unpacked and its packages compiled by their scripts, as `bosh create-env` does it. */
export interface CompiledRelease {
  readonly tarball: string
  /** The tarball's content, and beside each archive a folder with what is in it: `jobs/openstack_cpi`. */
  readonly release: string
  readonly packages: string
}

declare module 'vitest' {
  interface ProvidedContext {
    compiledRelease: CompiledRelease
  }
}

/** Builds and compiles the release once, for all test files; each renders jobs of its own. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'bosh-release-'))
  const tarball = join(folder, 'release.tgz')
  const [release, packages] = [join(folder, 'release'), join(folder, 'packages')]
  await writeFile(tarball, (await buildRelease(releaseOptions)).tarball)
  await unpack(tarball, release)
  for (const archive of await archivesIn(release)) await unpack(archive, archive.replace('.tgz', ''))
  for (const archive of await archivesIn(join(release, 'packages'))) {
    const BOSH_INSTALL_TARGET = join(packages, basename(archive, '.tgz'))
    await mkdir(BOSH_INSTALL_TARGET, { recursive: true })
    const env = { ...plainEnvironment, BOSH_INSTALL_TARGET }
    execFileSync('bash', ['-x', 'packaging'], { cwd: archive.replace('.tgz', ''), env, stdio: 'pipe' })
  }
  project.provide('compiledRelease', { tarball, release, packages })
  return () => rm(folder, { recursive: true })
}

const archivesIn = async (folder: string): Promise<readonly string[]> =>
  (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.tgz')).map((name) => join(folder, name))

async function unpack(archive: string, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  execFileSync('tar', ['-xzf', archive, '-C', folder])
}
