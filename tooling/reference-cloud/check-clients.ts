/**
 * `npm run fake:clients`: runs the examples of `docs/fake-openstack-clients.md` as they are printed, each with the real
 * client of its language against a fake of its own, where Debian's client is installed; a missing one is named.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'

interface Client {
  readonly section: string
  readonly language: string
  readonly file: string
  readonly needs: readonly string[]
  readonly packages: string
  readonly env?: Readonly<Record<string, string>>
}

const clients: readonly Client[] = parse(readFileSync(new URL('clients.yaml', import.meta.url), 'utf8'))

/** Why the installed packages cannot run an example, if so. */
function hindranceOf({ section, needs: [, collection] }: Client): string | undefined {
  if (section !== 'Ansible') return undefined
  const { version } = JSON.parse(readFileSync(`${collection}/MANIFEST.json`, 'utf8')).collection_info
  return /^[01]\./.test(version) ? `openstack.cloud ${version} refuses openstacksdk 0.99 and newer` : undefined
}

const page = await readFile(new URL('../../docs/fake-openstack-clients.md', import.meta.url), 'utf8')
const binaries = fileURLToPath(new URL('../../node_modules/.bin', import.meta.url))

const blockOf = (section: string, language: string): string => {
  const [, text = ''] = page.split(`\n## ${section}\n`)
  const [, code] = new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(text) ?? []
  if (code === undefined) throw new Error(`the page has no ${language} in its section ${section}`)
  return code
}

let failures = 0
for (const client of clients) {
  const { section, language, file, needs, packages, env } = client
  if (!needs.every((path) => existsSync(path))) {
    console.log(`SKIPPED ${section}: its client is not installed (Debian: ${packages})`)
    continue
  }
  const why = hindranceOf(client)
  if (why !== undefined) {
    console.log(`SKIPPED ${section}: ${why}`)
    continue
  }
  const folder = await mkdtemp(join(tmpdir(), 'fake-openstack-client-'))
  try {
    await writeFile(join(folder, file), blockOf(section, language))
    const { status } = spawnSync('sh', ['-ec', blockOf(section, 'sh')], {
      cwd: folder,
      stdio: 'inherit',
      // Debian's clients, whatever else is first in PATH; the fake brings its own Node.
      env: { ...process.env, ...env, HOME: folder, PATH: `/usr/bin:/bin:${binaries}` },
    })
    console.log(`${status === 0 ? 'PASS' : 'FAIL'} ${section}`)
    if (status !== 0) failures += 1
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
process.exitCode = failures === 0 ? 0 : 1
