import { spawnSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { root } from './run-command.ts'

const program = 'apps/cli'

/** What esbuild says of one file of the bundle that answers calls. */
interface Output {
  readonly bytes: number
  readonly entryPoint?: string
  readonly imports: readonly { readonly path: string; readonly kind: string }[]
  readonly inputs: Readonly<Record<string, unknown>>
}

type Outputs = Readonly<Record<string, Output>>

async function readOutputs(): Promise<Outputs> {
  const read = async (bundle: string) => {
    const file = join(root, program, 'dist', bundle, 'metafile-esm.json')
    return (JSON.parse(await readFile(file, 'utf8')) as { outputs: Outputs }).outputs // written by esbuild
  }
  return { ...(await read('start')), ...(await read('rpc')) }
}

/** What each call loads. */
const start = ['src/main.ts', 'src/answer-calls.ts']

/** The files that are loaded with these, not counting what is imported later. */
function loadedWith(outputs: Outputs, entryPoints: readonly string[]): ReadonlySet<string> {
  const loaded = new Set<string>()
  const load = (file: string): void => {
    const output = outputs[file]
    if (output === undefined || loaded.has(file)) return
    loaded.add(file)
    for (const { path, kind } of output.imports) if (kind === 'import-statement') load(path)
  }
  for (const wanted of entryPoints) {
    const found = Object.entries(outputs).find(([, { entryPoint }]) => entryPoint?.endsWith(wanted))
    if (found === undefined) throw new Error(`the bundle has no entry ${wanted}`)
    load(found[0])
  }
  return loaded
}

/** Modules of Node that only somebody who speaks to a cloud needs; `net` serves pipes too. */
const httpModule = /^NativeModule (internal\/)?(_http_|http|https|_tls_|tls|deps\/undici)/

/**
 * `info` comes before nearly every call and needs no cloud: neither the driver's HTTP code nor Node's may be loaded.
 * Says which is.
 */
export async function httpCodeInInfo(): Promise<string | undefined> {
  const outputs = await readOutputs()
  const ours = [...loadedWith(outputs, start)]
    .flatMap((file) => Object.keys(outputs[file]?.inputs ?? {}))
    .filter((input) => /openstack-driver\/src\/(http|services|methods)\/|node_modules/.test(input))
  const list = '--import=data:text/javascript,process.on("exit",()=>console.error(process.moduleLoadList.join("\\n")))'
  const { stdout, stderr } = spawnSync(process.execPath, [list, join(root, program, 'bin/openstack-cpi.js'), 'none'], {
    input: '{"method":"info","arguments":[],"context":{"director_uuid":"check"}}',
    encoding: 'utf8',
  })
  if (!stdout.includes('"api_version"') || !stderr.includes('NativeModule fs')) return `info failed: ${stdout}${stderr}`
  const nodes = stderr.split('\n').filter((line) => httpModule.test(line))
  return ours.length + nodes.length === 0 ? undefined : `info loads ${[...ours, ...nodes].join(', ')}`
}

/** A path through the program, by what it loads. */
const paths: Readonly<Record<string, readonly string[]>> = {
  info: start,
  'any other call': [...start, 'src/config/create-driver.ts'],
  create_stemcell: [...start, 'src/config/create-driver.ts', 'methods/create-stemcell.ts'],
}

/** A bundle that grows or shrinks by this share has changed enough for somebody to look. */
const tolerance = 0.1

/**
 * Compares what each path loads, in bytes, with `bundle-budget.json`. Says which path has jumped; the file is then to be
 * changed by hand, in the commit that is the reason.
 */
export async function bundleJumps(): Promise<string | undefined> {
  const outputs = await readOutputs()
  const budget = JSON.parse(await readFile(new URL('./bundle-budget.json', import.meta.url), 'utf8')) as Record<
    string,
    number
  > // beside this file
  const jumps = Object.entries(paths).flatMap(([name, entryPoints]) => {
    const bytes = [...loadedWith(outputs, entryPoints)].reduce((sum, file) => sum + (outputs[file]?.bytes ?? 0), 0)
    const planned = budget[name] ?? 0
    return Math.abs(bytes - planned) > planned * tolerance ? [`${name}: ${bytes} bytes instead of ${planned}`] : []
  })
  return jumps.length === 0 ? undefined : `see tooling/repo/bundle-budget.json\n${jumps.join('\n')}`
}
