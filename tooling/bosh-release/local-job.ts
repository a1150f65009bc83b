import { execFileSync, spawnSync } from 'node:child_process'
import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ArchiveFile } from './archive.ts'
import { cpiPackageFiles, jobFiles, jobNames, versions } from './contents.ts'

const renderer = fileURLToPath(new URL('./test/render.rb', import.meta.url))

/** Nothing of this process's environment. */
export const plainEnvironment = { PATH: '/usr/local/bin:/usr/bin:/bin', LANG: 'C.UTF-8' } as const

/** Is there a Ruby to render templates with? BOSH brings its own; here it is the system's. */
export const hasRuby = spawnSync('ruby', ['-e', 'require "erb"'], { env: plainEnvironment }).status === 0

/** Renders an unpacked job into a folder for a manifest's properties, as BOSH does. */
export function renderJob(unpacked: string, folder: string, properties: Readonly<Record<string, unknown>>): void {
  const input = JSON.stringify({ properties })
  execFileSync('ruby', [renderer, unpacked, folder], { input, env: plainEnvironment })
}

/** A job as BOSH installs it, of the built CPI and the Node that runs this. */
export interface LocalJob {
  /** `bin/cpi`. */
  readonly executable: string
  /** What the bosh CLI adds to its environment. */
  readonly environment: Readonly<Record<string, string>>
}

/** Installs the job into an empty folder; undefined where there is no Ruby to render its templates. */
export async function installLocally(
  folder: string,
  properties: Readonly<Record<string, unknown>>,
): Promise<LocalJob | undefined> {
  if (!hasRuby) return undefined
  const [name] = jobNames
  const packages = join(folder, 'packages')
  const { cpi, node } = versions()
  await unpack(join(packages, 'bosh_openstack_cpi'), cpiPackageFiles(cpi, node))
  await mkdir(join(packages, 'bosh_openstack_cpi_node/bin'), { recursive: true })
  await symlink(process.execPath, join(packages, 'bosh_openstack_cpi_node/bin/node'))
  const unpacked = join(folder, 'unpacked', name)
  await unpack(unpacked, jobFiles(name))
  const job = join(folder, 'jobs', name)
  renderJob(unpacked, job, properties)
  const environment = { BOSH_PACKAGES_DIR: packages, BOSH_JOBS_DIR: join(folder, 'jobs') }
  return { executable: join(job, 'bin/cpi'), environment }
}

async function unpack(folder: string, files: readonly ArchiveFile[]): Promise<void> {
  for (const { path, content, executable } of files) {
    const file = join(folder, path)
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, content, { mode: executable ? 0o755 : 0o644 })
  }
}
