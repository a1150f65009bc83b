import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { installInto, nodeLines, nodeOf, oldCompiler, ownTool, ownTypes, packAll, runIn } from './install.ts'

const registry = 'no npm registry can be reached'

let folder: string
let project: string
let tarballs: readonly string[]
let installed: true | Error
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'openstack-cpi-pack-'))
  project = join(folder, 'project')
  tarballs = await packAll(join(folder, 'packs'))
  installed = await installInto(project, tarballs).then(
    () => true as const,
    (error: Error) => error,
  )
  if (installed === true) await writeFile(join(project, 'readme.ts'), await readmeExample(project))
  if (installed !== true && !/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH/.test(installed.message)) {
    throw installed
  }
}, 600_000)
afterAll(() => rm(folder, { recursive: true, force: true }))

/** The first example in the README of the installed package. */
async function readmeExample(project: string): Promise<string> {
  const readme = await readFile(join(project, 'node_modules/fake-openstack/README.md'), 'utf8')
  const [, example] = /```ts\n([\s\S]*?)```/.exec(readme) ?? []
  if (example === undefined) throw new Error('the README of fake-openstack has no example')
  return example
}

test('the packages have what they need and nothing of the workspace', async () => {
  expect(tarballs).toHaveLength(4)
  for (const tarball of tarballs) {
    const files = await runIn(folder, process.execPath, 'tar', ['tzf', tarball])
    for (const file of ['LICENSE', 'README.md', 'package.json']) expect(files).toContain(`package/${file}\n`)
    expect(files).not.toMatch(/\.test\.|\/src\/|node_modules/)
    const manifest = await runIn(folder, process.execPath, 'tar', ['xzOf', tarball, 'package/package.json'])
    const { dependencies = {} }: { dependencies?: Record<string, string> } = JSON.parse(manifest)
    for (const version of Object.values(dependencies)) expect(version).toMatch(/^[~^]?\d+\.\d+\.\d+/)
  }
})

describe.each([
  ['the newest TypeScript', [ownTool('tsc')], ['library.ts', 'readme.ts', 'author.ts']],
  // What needs no newer one: the core. Its users may be slow to change their compiler.
  ['TypeScript 5.4', [process.execPath, oldCompiler], ['author.ts']],
])('strict %s', (_name, [compiler = '', ...words], files) => {
  test(`finds the types of every entry, and the mistakes of an author: ${files.join(', ')}`, async ({ skip }) => {
    if (installed !== true) skip(registry)
    await writeFile(join(project, 'tsconfig.json'), JSON.stringify(strictConfig(files)))
    const said = await runIn(project, process.execPath, compiler, [...words, '-p', '.']).catch(
      (error: Error & { stdout?: string }) => `${error.message}${error.stdout}`,
    )
    expect(said).toBe('')
  })
})

const strictConfig = (files: readonly string[]) => ({
  compilerOptions: {
    module: 'nodenext',
    target: 'es2022',
    lib: ['es2023', 'dom'],
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: false,
    noEmit: true,
    typeRoots: [ownTypes],
    types: ['node'],
  },
  files,
})

describe.each(nodeLines)('with Node %i', (line) => {
  const file = nodeOf(line)
  const node = (): string => file ?? ''

  beforeEach(({ skip }) => {
    if (installed !== true) skip(registry)
    if (file === undefined) skip(`Node ${line} comes as a package for Linux on x64 only`)
  })

  test('it is that Node', async () => {
    expect(await runIn(project, node(), node(), ['--version'])).toMatch(new RegExp(`^v${line}\\.`))
  })

  test('the libraries work', async () => {
    const stdout = await runIn(project, node(), node(), ['library.ts'])
    expect(JSON.parse(stdout)).toEqual({
      isThere: true,
      isLeft: false,
      formats: true,
      documented: true,
      inMemory: false,
    })
  })

  test('the first example of the README of fake-openstack works as it is printed', async () => {
    expect(await runIn(project, node(), node(), ['readme.ts'])).toBe('a ACTIVE\nb ERROR\n')
  })

  test('the core works alone, without a bundler', async () => {
    expect(await runIn(project, node(), node(), ['author.ts'])).toBe('false true\n')
  })

  test('the executables work', async () => {
    const stdout = await runIn(project, node(), 'fake-openstack', ['exec', '--', 'sh', 'shell.sh'])
    const [version, isThere, deleted, answer] = stdout.trim().split('\n')
    expect({ version, isThere, deleted }).toEqual({
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      isThere: 'true',
      deleted: 'done',
    })
    expect(JSON.parse(answer ?? '')).toMatchObject({ error: null, result: { api_version: 3 } })
  })
})
