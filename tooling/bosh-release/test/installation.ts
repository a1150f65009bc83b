import { spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { inject } from 'vitest'
import { must } from './must.ts'

const renderer = fileURLToPath(new URL('./render.rb', import.meta.url))

/** Is there a Ruby to render templates with? BOSH brings its own; tests use the system's. */
export const hasRuby =
  spawnSync('ruby', ['-e', 'require "erb"'], { env: { PATH: '/usr/local/bin:/usr/bin:/bin' } }).status === 0

/** Jobs of the compiled release, rendered into a folder of its own. */
export class Installation {
  readonly folder: string
  readonly jobsDir: string
  readonly packagesDir: string
  readonly #release: string

  private constructor(folder: string) {
    const { release, packages } = inject('compiledRelease')
    this.folder = folder
    this.jobsDir = join(folder, 'jobs')
    this.packagesDir = packages
    this.#release = release
  }

  static async create(): Promise<Installation> {
    return new Installation(await mkdtemp(join(tmpdir(), 'bosh-installation-')))
  }

  /** Renders a job for a manifest's properties; returns the job's folder. */
  async render(job: string, properties: Readonly<Record<string, unknown>>): Promise<string> {
    const source = join(this.folder, 'unpacked-jobs', job)
    await mkdir(source, { recursive: true })
    must('tar', ['-xzf', join(this.#release, 'jobs', `${job}.tgz`), '-C', source])
    const target = join(this.jobsDir, job)
    must('ruby', [renderer, source, target], { input: JSON.stringify({ properties }) })
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
