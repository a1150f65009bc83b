import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { buildRelease } from '../release.ts'
import { must } from './must.ts'

/** What git would say; told apart from a real build. */
export const provenance = { commitHash: '0123456789ab', uncommittedChanges: false }

/** The runtime's 120 MiB take seconds to compress well. */
export const fast = { level: 1 }

/** A release unpacked and its packages compiled by their scripts, as `bosh create-env` does it. */
export interface CompiledRelease {
  readonly tarball: string
  /** The tarball's content. */
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
  const release = join(folder, 'release')
  const packages = join(folder, 'packages')
  await mkdir(release)
  await writeFile(tarball, (await buildRelease(provenance, fast)).tarball)
  must('tar', ['-xzf', tarball, '-C', release])
  for (const archive of await readdir(join(release, 'packages'))) {
    const name = archive.replace(/\.tgz$/, '')
    const source = join(folder, 'compile', name)
    const target = join(packages, name)
    await mkdir(source, { recursive: true })
    await mkdir(target, { recursive: true })
    must('tar', ['-xzf', join(release, 'packages', archive), '-C', source])
    must('bash', ['-x', 'packaging'], { cwd: source, env: { BOSH_INSTALL_TARGET: target } })
  }
  project.provide('compiledRelease', { tarball, release, packages })
  return () => rm(folder, { recursive: true })
}
