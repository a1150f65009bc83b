/**
 * `npm run fake:clients [-- NAME...]`: real clients of OpenStack, each against a fake of its own: the clients of `clients.yaml`
 * that are named, else all but Tempest. One that is not installed is skipped, or fails where it is named.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type FakeProcess, startFake, tlsListener } from '@openstack-cpi/harness/fake-process'
import { parse } from 'yaml'
import { runTempest, type TempestTests } from './tempest.ts'

interface Client extends TempestTests {
  readonly needs: readonly string[]
  readonly packages: string
  /** Of the section of docs/fake-openstack-clients.md that has the client's name. */
  readonly example?: { readonly language: string; readonly file: string }
  readonly env?: Readonly<Record<string, string>>
}

const pathOf = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url))
const clients: Readonly<Record<string, Client>> = parse(readFileSync(pathOf('clients.yaml'), 'utf8'))

/** Why a client cannot be run, if so. */
function hindranceOf(name: string, { needs, packages }: Client): string | undefined {
  if (!needs.every((path) => existsSync(path))) return `it is not installed (Debian: ${packages})`
  if (name !== 'Ansible') return undefined
  const { version } = JSON.parse(readFileSync(`${needs[1]}/MANIFEST.json`, 'utf8')).collection_info
  return /^[01]\./.test(version) ? `openstack.cloud ${version} refuses openstacksdk 0.99 and newer` : undefined
}

const execute = (command: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv): boolean =>
  spawnSync(command, args, { cwd, stdio: 'inherit', env: { ...process.env, ...env } }).status === 0

/** Runs an example as it is printed; it starts the fake itself. */
async function runExample(folder: string, name: string, { example, env }: Client): Promise<boolean> {
  const [, text = ''] = readFileSync(pathOf('../../docs/fake-openstack-clients.md'), 'utf8').split(`\n## ${name}\n`)
  const blockOf = (language: string): string => {
    const [, code] = new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(text) ?? []
    if (code === undefined) throw new Error(`the page has no ${language} in its section ${name}`)
    return code
  }
  if (example) await writeFile(join(folder, example.file), blockOf(example.language))
  // Debian's clients, whatever else is first in PATH; the fake brings its own Node.
  const PATH = `/usr/bin:/bin:${pathOf('../../node_modules/.bin')}`
  return execute('sh', ['-ec', blockOf('sh')], folder, { ...env, HOME: folder, PATH })
}

/** Runs what `check` does to the reference cloud, over TLS; afterwards the fake must hold nothing but its seed. */
async function runCheck(folder: string, { origin }: FakeProcess): Promise<boolean> {
  const env = { REFERENCE_CLOUD_STATE: join(folder, 'state'), REFERENCE_CLOUD_RELEASE: 'zed' }
  const passed = execute('bash', [pathOf('check')], folder, env)
  const leftovers = Object.keys((await (await fetch(`${origin}/_fake/leftovers`)).json()) as object) // lists by kind
  if (leftovers.length > 0) console.error(`the fake holds more than its seed: ${leftovers.join(', ')}`)
  return passed && leftovers.length === 0
}

async function withFake(
  folder: string,
  args: readonly string[],
  use: (fake: FakeProcess) => Promise<boolean>,
): Promise<boolean> {
  const fake = await startFake(folder, ['--keep-uploads', ...args])
  try {
    return await use(fake)
  } finally {
    await fake.stop()
  }
}

const runs: Readonly<Record<string, (folder: string, client: Client) => Promise<boolean>>> = {
  openstack: (folder) =>
    withFake(folder, ['--directory', join(folder, 'state'), ...tlsListener], (fake) => runCheck(folder, fake)),
  Tempest: (folder, client) => withFake(folder, ['--release', 'zed'], (fake) => runTempest(folder, fake, client)),
}

const named = process.argv.slice(2)
for (const name of named.length > 0 ? named : Object.keys(clients).filter((one) => one !== 'Tempest')) {
  const client = clients[name]
  if (!client) throw new Error(`clients.yaml has no ${name}: ${Object.keys(clients).join(', ')}`)
  const why = hindranceOf(name, client)
  if (why !== undefined) {
    console.log(`SKIPPED ${name}: ${why}`)
    if (named.length > 0) process.exitCode = 1
    continue
  }
  const folder = await mkdtemp(join(tmpdir(), 'fake-openstack-client-'))
  try {
    const passed = await (runs[name]?.(folder, client) ?? runExample(folder, name, client))
    console.log(`${passed ? 'PASS' : 'FAIL'} ${name}`)
    if (!passed) process.exitCode = 1
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
