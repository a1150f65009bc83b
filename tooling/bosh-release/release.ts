import { gzipSync } from 'node:zlib'
import { stringify } from 'yaml'
import { type ArchiveFile, deterministicTar, sha256 } from './archive.ts'
import { cpiPackageFiles, jobFiles, jobNames, licenseFiles, nodePackageFiles, versions } from './contents.ts'

export interface ReleaseOptions {
  /** What git knows of the tree the release is made from. */
  readonly commitHash: string
  readonly uncommittedChanges: boolean
  /** Of the compression of jobs and packages, 1 to 9; lower is faster. */
  readonly level?: number
}

/**
 * Makes the tarball of a final release: `release.MF`, `jobs/*.tgz`, `packages/*.tgz`, `license.tgz`. The same tree gives
 * the same bytes.
 */
export async function buildRelease({ commitHash, uncommittedChanges, level = 6 }: ReleaseOptions) {
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
  const named = async (kind: string, name: string, files: readonly ArchiveFile[], more: object) => ({
    name,
    ...(await archive(`${kind}/${name}.tgz`, files)),
    ...more,
  })
  const packages = Object.entries({
    bosh_openstack_cpi: cpiPackageFiles(cpi, node),
    bosh_openstack_cpi_node: nodePackageFiles(),
  })
  const needed = { packages: packages.map(([name]) => name) }
  const manifest = {
    name: 'bosh-openstack-cpi',
    version: cpi,
    commit_hash: commitHash,
    uncommitted_changes: uncommittedChanges,
    jobs: await Promise.all(jobNames.map((name) => named('jobs', name, jobFiles(name), needed))),
    packages: await Promise.all(packages.map(([name, files]) => named('packages', name, files, { dependencies: [] }))),
    license: await archive('license.tgz', licenseFiles()),
  }
  // A director's loader refuses YAML aliases.
  const text = stringify(manifest, { lineWidth: 0, aliasDuplicateObjects: false })
  const tar = await deterministicTar([{ path: 'release.MF', content: Buffer.from(text) }, ...archives])
  return { version: cpi, tarball: gzipSync(tar, { level: 0 }) }
}
