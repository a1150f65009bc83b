import { execFileSync } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { createScriptLoader } from './script-loader.ts'

const folders: string[] = []
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true })
})

/** Two scripts, the one requiring the other, and an empty folder for what is compiled of them. */
async function scripts() {
  const root = await mkdtemp(join(tmpdir(), 'openstack-cpi-scripts-'))
  folders.push(root)
  const options = { folder: join(root, 'scripts'), cacheFolder: join(root, 'cache') }
  await mkdir(options.folder)
  await mkdir(options.cacheFolder)
  const write = (name: string, digest: string, code: string) =>
    writeFile(join(options.folder, name), `//${digest}\n(function(exports,require,module){${code}})`)
  await write('other.cjs', '2'.repeat(16), 'exports.answer = () => 1')
  await write('main.cjs', '1'.repeat(16), 'exports.main = () => require("./other.cjs").answer()')
  const run = (loader = createScriptLoader(options)) => (loader.load('main.cjs') as { main: () => number }).main()
  return { ...options, write, run, kept: async () => (await readdir(options.cacheFolder)).sort() }
}

test('loads scripts that require each other and modules of Node', async () => {
  const { write, run } = await scripts()
  await write('other.cjs', '3'.repeat(16), 'exports.answer = () => require("node:path").sep.length + 1')
  expect(run()).toBe(2)
})

test('a later process finds the compiled code of the same purpose', async () => {
  const { folder, cacheFolder, run, kept } = await scripts()
  const first = createScriptLoader({ folder, cacheFolder })
  first.setPurpose('create_vm')
  run(first)
  first.keep()
  expect(await kept()).toEqual(['main.cjs.create_vm', 'other.cjs.create_vm'])
  expect((await stat(join(cacheFolder, 'main.cjs.create_vm'))).mode & 0o777).toBe(0o600)

  const second = createScriptLoader({ folder, cacheFolder })
  second.setPurpose('create_vm')
  expect(run(second)).toBe(1)
  await rm(join(cacheFolder, 'main.cjs.create_vm'))
  second.keep()
  expect(await kept()).toEqual(['other.cjs.create_vm'])

  const otherPurpose = createScriptLoader({ folder, cacheFolder })
  run(otherPurpose)
  otherPurpose.keep()
  expect(await kept()).toEqual(['main.cjs.start', 'other.cjs.create_vm', 'other.cjs.start'])
})

test('functions that ran are kept compiled', async () => {
  const { folder, cacheFolder, write, run } = await scripts()
  const sizeAfter = async (digest: string, call: string) => {
    const body = 'sum += [1, 2, 3].map((n) => n * sum).length; '.repeat(40)
    await write(
      'other.cjs',
      digest.repeat(16),
      `function large() { let sum = 0; ${body}return sum }; exports.answer = () => ${call}`,
    )
    const loader = createScriptLoader({ folder, cacheFolder })
    run(loader)
    loader.keep()
    return (await stat(join(cacheFolder, 'other.cjs.start'))).size
  }
  const withoutRunning = await sizeAfter('4', '00000000')
  expect(await sizeAfter('5', 'large() ')).toBeGreaterThan(withoutRunning + 2000)
})

test('functions of a common script that only one purpose runs are kept compiled', async () => {
  const { folder, cacheFolder, write } = await scripts()
  const body = 'sum += [1, 2, 3].map((n) => n * sum).length; '.repeat(40)
  await write('main.cjs', '6'.repeat(16), `exports.large = () => { let sum = 0; ${body}return sum }`)
  const sizeAfter = async (purpose: string, isLargeRun: boolean) => {
    const loader = createScriptLoader({ folder, cacheFolder })
    const { large } = loader.load('main.cjs') as { large: () => number }
    loader.setPurpose(purpose)
    loader.load('other.cjs')
    if (isLargeRun) large()
    loader.keep()
    return (await stat(join(cacheFolder, 'main.cjs.start'))).size
  }
  const before = await sizeAfter('has_vm', false)
  expect(await sizeAfter('create_vm', true)).toBeGreaterThan(before + 2000)
  expect(await sizeAfter('has_vm', false)).toBeGreaterThan(before + 2000)
})

test('compiled code of another script of the same name and length is not used', async () => {
  const { folder, cacheFolder, write, run } = await scripts()
  const first = createScriptLoader({ folder, cacheFolder })
  run(first)
  first.keep()
  await write('other.cjs', '3'.repeat(16), 'exports.answer = () => 2')
  expect(run(createScriptLoader({ folder, cacheFolder }))).toBe(2)
})

const flipped = (bytes: Buffer, from: number) => bytes.map((byte, at) => (at < from ? byte : byte ^ 0x5a))

test('damaged compiled code, and what others may have written, is not used', async () => {
  const { folder, cacheFolder } = await scripts()
  // Each in a process of its own: V8 does not compile the same text twice in one.
  const keep = () => {
    const module = JSON.stringify(new URL('script-loader.ts', import.meta.url))
    const options = JSON.stringify({ folder, cacheFolder })
    const code = `import { createScriptLoader } from ${module}; const loader = createScriptLoader(${options})
      console.log(loader.load('main.cjs').main()); loader.keep()`
    expect(execFileSync(process.execPath, ['--input-type=module', '--eval', code], { encoding: 'utf8' })).toBe('1\n')
  }
  keep()
  const file = join(cacheFolder, 'other.cjs.start')
  const intact = (await stat(file)).size
  const original = await readFile(file)
  for (const damaged of [original.subarray(0, 16), original.subarray(0, -8), flipped(original, intact / 2)]) {
    await writeFile(file, damaged)
    keep()
    expect((await readFile(file)).equals(damaged)).toBe(false)
    expect((await stat(file)).size).toBe(intact)
  }
  await chmod(file, 0o644)
  keep()
  expect((await stat(file)).mode & 0o777).toBe(0o600)
})

test('compiled code of scripts that are no more is removed', async () => {
  const { folder, cacheFolder, run, kept } = await scripts()
  await writeFile(join(cacheFolder, 'gone.cjs.create_vm'), '')
  await writeFile(join(cacheFolder, '0123abcd'), 'of Node')
  const loader = createScriptLoader({ folder, cacheFolder })
  run(loader)
  loader.keep()
  expect(await kept()).toEqual(['0123abcd', 'main.cjs.start', 'other.cjs.start'])
})

test('without a folder, or with one that cannot be written, scripts run all the same', async () => {
  const { folder, run } = await scripts()
  for (const cacheFolder of [undefined, '/dev/null/none']) {
    const loader = createScriptLoader({ folder, cacheFolder })
    expect(run(loader)).toBe(1)
    loader.keep()
  }
})
