import { stringify } from 'yaml'
import { type ArchiveFile, deterministicTgz, fingerprint, sha256 } from './archive.ts'
import { cpiPackageFiles, jobFiles, jobNames, nodePackageFiles, versions } from './contents.ts'

export interface Release {
  readonly version: string
  readonly tarball: Buffer
}

/** What git knows of the tree the release is made from. */
export interface Provenance {
  readonly commitHash: string
  readonly uncommittedChanges: boolean
}

/**
 * Makes the tarball of a final release: `release.MF`, `jobs/*.tgz`, `packages/*.tgz`, `LICENSE`. The same tree gives the
 * same bytes.
 */
export async function buildRelease(provenance: Provenance): Promise<Release> {
  const { cpi, node } = await versions()
  const packages = [
    { name: 'bosh_openstack_cpi', files: await cpiPackageFiles(cpi, node) },
    { name: 'bosh_openstack_cpi_node', files: await nodePackageFiles() },
  ]
  const jobs = await Promise.all(jobNames.map(async (name) => ({ name, files: await jobFiles(name) })))
  const packageNames = packages.map(({ name }) => name)

  const archives: ArchiveFile[] = []
  const entry = async (kind: 'jobs' | 'packages', name: string, files: readonly ArchiveFile[]) => {
    const content = await deterministicTgz(files)
    archives.push({ path: `${kind}/${name}.tgz`, content })
    const print = fingerprint(files)
    return { name, version: print, fingerprint: print, sha1: `sha256:${sha256(content)}` }
  }
  const manifest = {
    name: 'bosh-openstack-cpi',
    version: cpi,
    commit_hash: provenance.commitHash,
    uncommitted_changes: provenance.uncommittedChanges,
    jobs: await inTurn(jobs, async ({ name, files }) => ({
      ...(await entry('jobs', name, files)),
      packages: packageNames,
    })),
    packages: await inTurn(packages, async ({ name, files }) => ({
      ...(await entry('packages', name, files)),
      dependencies: [],
    })),
  }
  const license = packages[0]?.files.find((file) => file.path === 'LICENSE')
  const tarball = await deterministicTgz([
    { path: 'release.MF', content: Buffer.from(stringify(manifest, { lineWidth: 0 })) },
    ...(license ? [license] : []),
    ...archives,
  ])
  return { version: cpi, tarball }
}

async function inTurn<T, R>(items: readonly T[], make: (item: T) => Promise<R>): Promise<R[]> {
  const made: R[] = []
  for (const item of items) made.push(await make(item))
  return made
}
