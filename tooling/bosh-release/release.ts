import { stringify } from 'yaml'
import { type ArchiveFile, deterministicTgz, fingerprint, sha256 } from './archive.ts'
import { cpiPackageFiles, jobFiles, jobNames, licenseFiles, nodePackageFiles, versions } from './contents.ts'

export interface Release {
  readonly version: string
  readonly tarball: Buffer
}

/** What git knows of the tree the release is made from. */
export interface Provenance {
  readonly commitHash: string
  readonly uncommittedChanges: boolean
}

interface BuildOptions {
  /** Of the compression of jobs and packages, 1 to 9; lower is faster. */
  readonly level?: number
}

/**
 * Makes the tarball of a final release: `release.MF`, `jobs/*.tgz`, `packages/*.tgz`, `license.tgz`. The same tree gives
 * the same bytes.
 */
export async function buildRelease(provenance: Provenance, { level = 6 }: BuildOptions = {}): Promise<Release> {
  const { cpi, node } = await versions()
  const packages = [
    { name: 'bosh_openstack_cpi', files: await cpiPackageFiles(cpi, node) },
    { name: 'bosh_openstack_cpi_node', files: await nodePackageFiles() },
  ]
  const jobs = await Promise.all(jobNames.map(async (name) => ({ name, files: await jobFiles(name) })))

  const archives: ArchiveFile[] = []
  const archive = async (path: string, files: readonly ArchiveFile[]) => {
    const content = await deterministicTgz(files, level)
    archives.push({ path, content })
    const print = fingerprint(files)
    return { version: print, fingerprint: print, sha1: `sha256:${sha256(content)}` }
  }
  const manifest = {
    name: 'bosh-openstack-cpi',
    version: cpi,
    commit_hash: provenance.commitHash,
    uncommitted_changes: provenance.uncommittedChanges,
    jobs: await inTurn(jobs, async ({ name, files }) => ({
      name,
      ...(await archive(`jobs/${name}.tgz`, files)),
      packages: packages.map((item) => item.name),
    })),
    packages: await inTurn(packages, async ({ name, files }) => ({
      name,
      ...(await archive(`packages/${name}.tgz`, files)),
      dependencies: [],
    })),
    license: await archive('license.tgz', await licenseFiles()),
  }
  // A director's loader refuses YAML aliases.
  const text = stringify(manifest, { lineWidth: 0, aliasDuplicateObjects: false })
  const tarball = await deterministicTgz([{ path: 'release.MF', content: Buffer.from(text) }, ...archives], 0)
  return { version: cpi, tarball }
}

async function inTurn<T, R>(items: readonly T[], make: (item: T) => Promise<R>): Promise<R[]> {
  const made: R[] = []
  for (const item of items) made.push(await make(item))
  return made
}
