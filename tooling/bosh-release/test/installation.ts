import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test as base, inject } from 'vitest'
import { hasRuby, localJobs } from '../local-job.ts'

/** A folder for jobs of the compiled release. */
export async function createInstallation() {
  const folder = await mkdtemp(join(tmpdir(), 'bosh-installation-'))
  const jobsDir = join(folder, 'jobs')
  const compiled = inject('compiledRelease')
  return {
    folder,
    jobsDir,
    packagesDir: compiled.packages,
    ...localJobs(compiled, jobsDir),
    remove: () => rm(folder, { recursive: true }),
  }
}

export type Installation = Awaited<ReturnType<typeof createInstallation>>

/** Tests that get the installation of their file. */
// biome-ignore lint/correctness/noEmptyPattern: vitest reads the names of fixtures from the pattern
export const withInstallation = base.extend('installation', { scope: 'file' }, async ({}, { onCleanup }) => {
  const installation = await createInstallation()
  onCleanup(installation.remove)
  return installation
})

/** The same, skipped where no Ruby can render a job. */
export const test = withInstallation.skipIf(!hasRuby)
