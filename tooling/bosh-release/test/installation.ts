import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test as base, inject } from 'vitest'
import { hasRuby, renderJob } from '../local-job.ts'

/** Jobs of the compiled release, rendered into a folder of its own. */
export class Installation {
  readonly folder: string
  readonly jobsDir: string
  readonly packagesDir = inject('compiledRelease').packages

  constructor(folder: string) {
    this.folder = folder
    this.jobsDir = join(folder, 'jobs')
  }

  static async create(): Promise<Installation> {
    return new Installation(await mkdtemp(join(tmpdir(), 'bosh-installation-')))
  }

  /** Renders a job for a manifest's properties; returns the job's folder. */
  render(job: string, properties: Readonly<Record<string, unknown>>): string {
    const target = join(this.jobsDir, job)
    renderJob(join(inject('compiledRelease').release, 'jobs', job), target, properties)
    return target
  }

  /** What the CLI adds to the environment of a CPI. */
  get environment(): Readonly<Record<string, string>> {
    return { BOSH_PACKAGES_DIR: this.packagesDir, BOSH_JOBS_DIR: this.jobsDir }
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true })
  }
}

/** Tests that get the installation of their file. */
// biome-ignore lint/correctness/noEmptyPattern: vitest reads the names of fixtures from the pattern
export const withInstallation = base.extend('installation', { scope: 'file' }, async ({}, { onCleanup }) => {
  const installation = await Installation.create()
  onCleanup(() => installation.remove())
  return installation
})

/** The same, skipped where no Ruby can render a job. */
export const test = withInstallation.skipIf(!hasRuby)
