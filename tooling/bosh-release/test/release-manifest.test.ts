import { execFileSync } from 'node:child_process'
import { access, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, inject, test } from 'vitest'
import { parse } from 'yaml'
import { sha256 } from '../archive.ts'
import { hasRuby, releaseOptions } from '../local-job.ts'
import { buildRelease } from '../release.ts'

type Entry = Readonly<Record<'name' | 'version' | 'fingerprint' | 'sha1', string>>
interface Manifest {
  readonly jobs: readonly Entry[]
  readonly packages: readonly Entry[]
  readonly license: Entry
}

describe('the tarball, as bosh upload-release and the CLI read it', async () => {
  const { release, tarball } = inject('compiledRelease')
  const text = (path: string) => readFile(join(release, path), 'utf8')
  // A director reads it with a loader that refuses aliases.
  const manifest: Manifest = parse(await text('release.MF'), { maxAliasCount: 0 })
  const jobNames = ['openstack_cpi', 'openstack_cpi_golang']
  const packageNames = ['bosh_openstack_cpi', 'bosh_openstack_cpi_node']

  test('the manifest names the release, where it comes from, its jobs and its packages', () => {
    expect(manifest).toMatchObject({
      name: 'bosh-openstack-cpi',
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      commit_hash: releaseOptions.commitHash,
      uncommitted_changes: false,
      jobs: jobNames.map((name) => ({ name, packages: packageNames })),
      packages: packageNames.map((name) => ({ name, dependencies: [] })),
    })
  })

  test.skipIf(!hasRuby)("the director's own loader understands the manifest and each job's", () => {
    const files = ['release.MF', ...jobNames.map((name) => `jobs/${name}/job.MF`)].map((path) => join(release, path))
    const program = 'require "yaml"; require "json"; puts JSON.dump(ARGV.map { |file| YAML.load_file(file) })'
    const [read, ...jobs] = JSON.parse(execFileSync('ruby', ['-e', program, ...files], { encoding: 'utf8' }))
    expect(read).toEqual(manifest)
    expect(jobs).toMatchObject(jobNames.map((name) => ({ name, packages: packageNames })))
  })

  test('every archive is there, with the digest that the manifest promises', async () => {
    const archives = [
      ...manifest.jobs.map((entry) => [`jobs/${entry.name}.tgz`, entry] as const),
      ...manifest.packages.map((entry) => [`packages/${entry.name}.tgz`, entry] as const),
      ['license.tgz', manifest.license] as const,
    ]
    for (const [path, { sha1, fingerprint, version }] of archives) {
      expect(sha1).toBe(`sha256:${sha256(await readFile(join(release, path)))}`)
      expect(fingerprint).toMatch(/^[0-9a-f]{64}$/)
      expect(version).toBe(fingerprint)
    }
  })

  test.each(jobNames)('§10 the job %s has an empty monit file', async (name) => {
    expect(await text(`jobs/${name}/monit`)).toBe('')
  })

  test('every package says how it is installed, and under which licence', async () => {
    for (const name of packageNames)
      for (const file of ['packaging', 'LICENSE']) await access(join(release, 'packages', name, file))
    expect(await text('license/LICENSE')).toContain('Apache License')
  })

  test('two builds of one tree give the same bytes', async () => {
    expect((await buildRelease(releaseOptions)).tarball.equals(await readFile(tarball))).toBe(true)
  })
})
