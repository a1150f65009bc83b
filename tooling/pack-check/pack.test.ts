import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  installInto,
  nodeLines,
  nodeOf,
  oldCompiler,
  ownTool,
  ownTypes,
  packAll,
  runIn,
  writeExample,
} from './install.ts'

const commandsOfConsumer = fileURLToPath(new URL('./consumer.sh', import.meta.url))
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
  if (installed !== true && !/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH/.test(installed.message)) {
    throw installed
  }
  if (installed !== true) return
  const readme = (name: string) => join(project, 'node_modules', name, 'README.md')
  await writeExample(project, 'core.ts', readme('@openstack-cpi/cpi-core'))
  await writeExample(project, 'driver.ts', readme('@openstack-cpi/openstack-driver'))
  await writeExample(project, 'fake.ts', readme('fake-openstack'))
  await writeExample(project, 'mistakes.ts', fileURLToPath(new URL('../../docs/mistakes-found.md', import.meta.url)))
}, 600_000)
afterAll(() => rm(folder, { recursive: true, force: true }))

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
  ['the newest TypeScript', [ownTool('tsc')], ['core.ts', 'driver.ts', 'fake.ts', 'mistakes.ts']],
  // What needs no newer one: the core. Its users may be slow to change their compiler.
  ['TypeScript 5.4', [process.execPath, oldCompiler], ['core.ts', 'mistakes.ts']],
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

  test.each([
    ['core.ts', '{"result":"disk-1","error":null,"log":""}'],
    ['driver.ts', 'true\n'],
    ['fake.ts', 'a ACTIVE\nb ERROR\n'],
  ])('the example of the README works as it is printed: %s', async (example, prints) => {
    expect(await runIn(project, node(), 'fake-openstack', ['exec', '--', 'node', example])).toBe(prints)
  })

  test('entries that no example imports load without a bundler', async () => {
    const entries = ['cpi-core/client', 'cpi-core/node', 'openstack-driver/documentation', 'openstack-driver/info']
    const program = 'for (const entry of process.argv.slice(1)) await import("@openstack-cpi/" + entry)'
    await runIn(project, node(), node(), ['--input-type=module', '-e', program, ...entries])
  })

  test('the executables work', async () => {
    const stdout = await runIn(project, node(), 'fake-openstack', ['exec', '--', 'sh', commandsOfConsumer])
    const [version, isThere, deleted, answer] = stdout.trim().split('\n')
    expect({ version, isThere, deleted }).toEqual({
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      isThere: 'true',
      deleted: 'done',
    })
    expect(JSON.parse(answer ?? '')).toMatchObject({ error: null, result: { api_version: 3 } })
  })
})
