import { execFileSync, spawnSync } from 'node:child_process'
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildRelease } from './release.ts'

const renderer = fileURLToPath(new URL('./test/render.rb', import.meta.url))

/** Nothing of this process's environment. */
const plainEnvironment = { PATH: '/usr/local/bin:/usr/bin:/bin', LANG: 'C.UTF-8' } as const

/** Is there a Ruby to render templates with? BOSH brings its own; here it is the system's. */
export const hasRuby = spawnSync('ruby', ['-e', 'require "erb"'], { env: plainEnvironment }).status === 0

/** What git would say, told apart from a real build; the runtime's 120 MiB take seconds to compress well. */
export const releaseOptions = { commitHash: '0123456789ab', uncommittedChanges: false, level: 1 }

/** A release unpacked and its packages compiled by their scripts, as `bosh create-env` does it. */
export interface CompiledRelease {
  readonly tarball: string
  /** The tarball's content, and beside each archive a folder with what is in it: `jobs/openstack_cpi`. */
  readonly release: string
  readonly packages: string
}

/** Builds and compiles the release in a folder. */
export async function compileRelease(folder: string): Promise<CompiledRelease> {
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
  return { tarball, release, packages }
}

const archivesIn = async (folder: string): Promise<readonly string[]> =>
  (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.tgz')).map((name) => join(folder, name))

async function unpack(archive: string, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  execFileSync('tar', ['-xzf', archive, '-C', folder])
}

/** The jobs of a compiled release in a folder, as BOSH installs them. */
export const localJobs = ({ release, packages }: CompiledRelease, jobsDir: string) => ({
  /** What the CLI adds to the environment of a CPI. */
  environment: { BOSH_PACKAGES_DIR: packages, BOSH_JOBS_DIR: jobsDir },
  /** Renders a job for a manifest's properties, as BOSH does; returns the job's folder. */
  render: (job: string, properties: Readonly<Record<string, unknown>>): string => {
    const [unpacked, folder] = [join(release, 'jobs', job), join(jobsDir, job)]
    const input = JSON.stringify({ properties })
    execFileSync('ruby', [renderer, unpacked, folder], { input, env: plainEnvironment })
    return folder
  },
})
