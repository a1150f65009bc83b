import { execFileSync } from 'node:child_process'
import { access, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { parse } from 'yaml'
import { sha256 } from '../archive.ts'
import { buildRelease } from '../release.ts'
import { fast, provenance } from './compiled-release.ts'
import { hasRuby } from './installation.ts'

interface Entry {
  readonly name: string
  readonly version: string
  readonly fingerprint: string
  readonly sha1: string
}
interface Manifest {
  readonly name: string
  readonly version: string
  readonly commit_hash: string
  readonly uncommitted_changes: boolean
  readonly jobs: readonly (Entry & { readonly packages: readonly string[] })[]
  readonly packages: readonly (Entry & { readonly dependencies: readonly string[] })[]
  readonly license: Omit<Entry, 'name'>
}

describe('the tarball, as bosh upload-release and the CLI read it', () => {
  let folder: string
  let manifest: Manifest

  const unpack = async (archive: string): Promise<string> => {
    const target = join(folder, `${archive}.unpacked`)
    await mkdir(target, { recursive: true })
    execFileSync('tar', ['-xzf', join(folder, archive), '-C', target])
    return target
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bosh-unpacked-'))
    execFileSync('tar', ['-xzf', inject('compiledRelease').tarball, '-C', folder])
    // A director reads it with a loader that refuses aliases.
    manifest = parse(await readFile(join(folder, 'release.MF'), 'utf8'), { maxAliasCount: 0 })
  })
  afterAll(() => rm(folder, { recursive: true }))

  test('the manifest names the release and where it comes from', () => {
    expect(manifest).toMatchObject({
      name: 'bosh-openstack-cpi',
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      commit_hash: provenance.commitHash,
      uncommitted_changes: false,
    })
  })

  test.skipIf(!hasRuby)("the director's own loader understands the manifest and each job's", async () => {
    const files = [join(folder, 'release.MF')]
    for (const { name } of manifest.jobs) files.push(join(await unpack(`jobs/${name}.tgz`), 'job.MF'))
    const program = 'require "yaml"; require "json"; puts JSON.dump(ARGV.map { |file| YAML.load_file(file) })'
    const [read, ...jobs] = JSON.parse(execFileSync('ruby', ['-e', program, ...files], { encoding: 'utf8' }))
    expect(read).toEqual(manifest)
    expect(jobs).toMatchObject(manifest.jobs.map(({ name, packages }) => ({ name, packages })))
  })

  test('every archive is there, with the digest that the manifest promises', async () => {
    const archives: readonly (readonly [string, Omit<Entry, 'name'>])[] = [
      ...manifest.jobs.map((job) => [`jobs/${job.name}.tgz`, job] as const),
      ...manifest.packages.map((item) => [`packages/${item.name}.tgz`, item] as const),
      ['license.tgz', manifest.license],
    ]
    for (const [path, { sha1, fingerprint, version }] of archives) {
      expect(sha1).toBe(`sha256:${sha256(await readFile(join(folder, path)))}`)
      expect(fingerprint).toMatch(/^[0-9a-f]{64}$/)
      expect(version).toBe(fingerprint)
    }
  })

  test('§10 every job has a monit file, the templates it names, and packages that are in the release', async () => {
    const packages = manifest.packages.map(({ name }) => name)
    expect(manifest.jobs.map(({ name }) => name)).toEqual(['openstack_cpi', 'openstack_cpi_golang'])
    for (const job of manifest.jobs) {
      const source = await unpack(`jobs/${job.name}.tgz`)
      const spec: { name: string; templates: Record<string, string>; packages: string[] } = parse(
        await readFile(join(source, 'job.MF'), 'utf8'),
      )
      expect(spec.name).toBe(job.name)
      expect(spec.packages).toEqual(job.packages)
      expect(packages).toEqual(expect.arrayContaining(job.packages.slice()))
      expect(await readFile(join(source, 'monit'), 'utf8')).toBe('')
      for (const template of Object.keys(spec.templates)) await access(join(source, 'templates', template))
    }
  })

  test('every package says how it is installed, and under which licence', async () => {
    for (const { name, dependencies } of manifest.packages) {
      expect(dependencies).toEqual([])
      const source = await unpack(`packages/${name}.tgz`)
      for (const file of ['packaging', 'LICENSE']) await access(join(source, file))
    }
    expect(await readFile(join(await unpack('license.tgz'), 'LICENSE'), 'utf8')).toContain('Apache License')
  })
})

test('two builds of one tree give the same bytes', async () => {
  const first = await readFile(inject('compiledRelease').tarball)
  expect((await buildRelease(provenance, fast)).tarball.equals(first)).toBe(true)
})
