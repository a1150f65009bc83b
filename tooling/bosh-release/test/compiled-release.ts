import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { type CompiledRelease, compileRelease } from '../local-job.ts'

declare module 'vitest' {
  interface ProvidedContext {
    compiledRelease: CompiledRelease
  }
}

/** Compiles the release once, for all test files; each renders jobs of its own. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'bosh-release-'))
  project.provide('compiledRelease', await compileRelease(folder))
  return () => rm(folder, { recursive: true })
}
