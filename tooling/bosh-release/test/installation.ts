import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test as base, inject } from 'vitest'
import { hasRuby, renderJob } from '../local-job.ts'

/** A folder for jobs of the compiled release. */
export async function createInstallation() {
  const folder = await mkdtemp(join(tmpdir(), 'bosh-installation-'))
  const jobsDir = join(folder, 'jobs')
  const { release, packages: packagesDir } = inject('compiledRelease')
  return {
    folder,
    jobsDir,
    packagesDir,
    /** What the CLI adds to the environment of a CPI. */
    environment: { BOSH_PACKAGES_DIR: packagesDir, BOSH_JOBS_DIR: jobsDir },
    /** Renders a job for a manifest's properties; returns the job's folder. */
    render: (job: string, properties: Readonly<Record<string, unknown>>): string => {
      renderJob(join(release, 'jobs', job), join(jobsDir, job), properties)
      return join(jobsDir, job)
    },
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
