import { gzipSync } from 'node:zlib'
import { stringify } from 'yaml'
import { type ArchiveFile, deterministicTar, sha256 } from './archive.ts'
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
  const { cpi, node } = versions()
  const archives: ArchiveFile[] = []
  /** Packs an archive of the release; its entry in the manifest. */
  const archive = async (path: string, files: readonly ArchiveFile[]) => {
    const tar = await deterministicTar(files)
    const content = gzipSync(tar, { level })
    archives.push({ path, content })
    // Changes whenever a name, a mode or a byte of the files does.
    const fingerprint = sha256(tar)
    return { version: fingerprint, fingerprint, sha1: `sha256:${sha256(content)}` }
  }
  const packages = {
    bosh_openstack_cpi: cpiPackageFiles(cpi, node),
    bosh_openstack_cpi_node: nodePackageFiles(),
  }
  const jobEntry = async (name: string) => ({
    name,
    ...(await archive(`jobs/${name}.tgz`, jobFiles(name))),
    packages: Object.keys(packages),
  })
  const packageEntry = async ([name, files]: readonly [string, readonly ArchiveFile[]]) => ({
    name,
    ...(await archive(`packages/${name}.tgz`, files)),
    dependencies: [],
  })
  const manifest = {
    name: 'bosh-openstack-cpi',
    version: cpi,
    commit_hash: provenance.commitHash,
    uncommitted_changes: provenance.uncommittedChanges,
    jobs: await Promise.all(jobNames.map(jobEntry)),
    packages: await Promise.all(Object.entries(packages).map(packageEntry)),
    license: await archive('license.tgz', licenseFiles()),
  }
  // A director's loader refuses YAML aliases.
  const text = stringify(manifest, { lineWidth: 0, aliasDuplicateObjects: false })
  const tar = await deterministicTar([{ path: 'release.MF', content: Buffer.from(text) }, ...archives])
  return { version: cpi, tarball: gzipSync(tar, { level: 0 }) }
}
