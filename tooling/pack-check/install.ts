import { execFile } from 'node:child_process'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)
const root = fileURLToPath(new URL('../..', import.meta.url))

const published = ['packages/cpi-core', 'packages/openstack-driver', 'apps/cli', 'apps/fake-openstack']

/** Packs every published package into `folder`, as publishing would. Returns the tarballs' paths. */
export async function packAll(folder: string): Promise<readonly string[]> {
  await mkdir(folder, { recursive: true })
  const words = ['--yes', 'pnpm@12.21.0', 'pack', '--pack-destination', folder]
  await Promise.all(published.map((path) => run('npx', words, { cwd: join(root, path) })))
  return (await readdir(folder)).filter((name) => name.endsWith('.tgz')).map((name) => join(folder, name))
}

/** Installs into an empty project. Rejects with npm's message. */
export async function installInto(project: string, tarballs: readonly string[]): Promise<void> {
  await mkdir(project, { recursive: true })
  await writeFile(join(project, 'package.json'), '{ "name": "consumer", "private": true, "type": "module" }\n')
  const flags = ['install', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error', '--fetch-retries=1']
  await run('npm', [...flags, ...tarballs], { cwd: project })
}

/** Writes the first TypeScript example of a page into a file of the project. */
export async function writeExample(project: string, file: string, page: string): Promise<void> {
  const [, example] = /```ts\n([\s\S]*?)```/.exec(await readFile(page, 'utf8')) ?? []
  if (example === undefined) throw new Error(`${page} has no example`)
  await writeFile(join(project, file), example)
}

/** The lines of Node that the packages support. */
export const nodeLines = [22, 24, 26] as const

const packagedLines = createRequire(new URL('./node-lines/package.json', import.meta.url))

/** The executable of a line of Node: the one that runs this, or a package's; undefined where there is none. */
export function nodeOf(line: (typeof nodeLines)[number]): string | undefined {
  if (process.versions.node.startsWith(`${line}.`)) return process.execPath
  try {
    return join(dirname(packagedLines.resolve(`node${line}-linux-x64/package.json`)), 'bin/node')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND') return undefined
    throw error
  }
}

/** The place of an executable of the repository's own dependencies. */
export const ownTool = (name: string): string => join(root, 'node_modules/.bin', name)

/** TypeScript 5.4, the oldest that the core's declarations are for. */
export const oldCompiler = createRequire(import.meta.url).resolve('typescript-5-4/lib/tsc.js')

/** Where TypeScript finds Node's types, which a consumer would have installed. */
export const ownTypes = join(root, 'node_modules/@types')

/** Runs with one Node first on the PATH; returns what it prints. */
export async function runIn(project: string, node: string, command: string, words: readonly string[]): Promise<string> {
  const PATH = `${dirname(node)}:${join(project, 'node_modules/.bin')}:/usr/bin:/bin`
  const { stdout } = await run(command, [...words], { cwd: project, env: { PATH } })
  return stdout
}
