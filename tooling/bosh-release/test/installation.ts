import { spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, readdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const renderer = fileURLToPath(new URL('./render.rb', import.meta.url))

/** Is there a Ruby to render templates with? BOSH brings its own; tests use the system's. */
export const hasRuby =
  spawnSync('ruby', ['-e', 'require "erb"'], { env: { PATH: '/usr/local/bin:/usr/bin:/bin' } }).status === 0

function must(
  command: string,
  args: readonly string[],
  options: { cwd?: string; input?: string; env?: Record<string, string> } = {},
): string {
  const { status, stdout, stderr } = spawnSync(command, args, {
    encoding: 'utf8',
    env: { PATH: '/usr/local/bin:/usr/bin:/bin', LANG: 'C.UTF-8', ...options.env },
    ...(options.cwd ? { cwd: options.cwd } : {}),
    ...(options.input === undefined ? {} : { input: options.input }),
  })
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: exit ${status}\n${stderr}`)
  return stdout
}

/** A release unpacked and its packages compiled, as `bosh create-env` does it below its installations folder. */
export class Installation {
  readonly packagesDir: string
  readonly jobsDir: string
  readonly #release: string

  private constructor(folder: string, release: string) {
    this.packagesDir = join(folder, 'packages')
    this.jobsDir = join(folder, 'jobs')
    this.#release = release
  }

  static async create(tarball: Buffer): Promise<{ readonly folder: string; readonly installation: Installation }> {
    const folder = await mkdtemp(join(tmpdir(), 'bosh-installation-'))
    const release = join(folder, 'release')
    await mkdir(release)
    await writeFile(join(folder, 'release.tgz'), tarball)
    must('tar', ['-xzf', join(folder, 'release.tgz'), '-C', release])
    const installation = new Installation(folder, release)
    for (const archive of await readdir(join(release, 'packages'))) {
      const name = archive.replace(/\.tgz$/, '')
      const source = join(folder, 'compile', name)
      const target = join(installation.packagesDir, name)
      await mkdir(source, { recursive: true })
      await mkdir(target, { recursive: true })
      must('tar', ['-xzf', join(release, 'packages', archive), '-C', source])
      must('bash', ['-x', 'packaging'], { cwd: source, env: { BOSH_INSTALL_TARGET: target } })
    }
    return { folder, installation }
  }

  /** Renders a job for a manifest's properties; returns the job's folder. */
  async render(job: string, properties: Readonly<Record<string, unknown>>): Promise<string> {
    const source = join(this.#release, 'unpacked-jobs', job)
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
}
