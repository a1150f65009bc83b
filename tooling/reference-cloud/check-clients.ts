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

interface Client {
  readonly section: string
  /** Language of the section's example, and the file that it goes into. */
  readonly language: string
  readonly file: string
  /** Files that Debian's packages of the client install. */
  readonly needs: readonly string[]
  readonly packages: string
  readonly env?: Readonly<Record<string, string>>
  /** Why the installed packages cannot run it, if so. */
  readonly hindrance?: () => string | undefined
}

const python = '/usr/lib/python3/dist-packages'
const go = '/usr/share/gocode'
const collection = `${python}/ansible_collections/openstack/cloud`

const clients: readonly Client[] = [
  {
    section: 'pytest',
    language: 'python',
    file: 'test_page.py',
    needs: [`${python}/openstack`, `${python}/pytest`],
    packages: 'python3-openstacksdk, python3-pytest',
  },
  {
    section: 'Go',
    language: 'go',
    file: 'page_test.go',
    needs: ['/usr/bin/go', `${go}/src/github.com/gophercloud/gophercloud`],
    packages: 'golang-go, golang-github-gophercloud-gophercloud-dev',
    // Debian's libraries are sources in a GOPATH, not modules.
    env: { GO111MODULE: 'off', GOPATH: go, GOFLAGS: '-vet=off' },
  },
  {
    section: 'Ansible',
    language: 'yaml',
    file: 'site.yml',
    needs: ['/usr/bin/ansible-playbook', collection],
    packages: 'ansible',
    hindrance: () => {
      const { version } = JSON.parse(readFileSync(`${collection}/MANIFEST.json`, 'utf8')).collection_info
      return /^[01]\./.test(version) ? `openstack.cloud ${version} refuses openstacksdk 0.99 and newer` : undefined
    },
  },
]

const page = await readFile(new URL('../../docs/fake-openstack-clients.md', import.meta.url), 'utf8')
const binaries = fileURLToPath(new URL('../../node_modules/.bin', import.meta.url))

const blockOf = (section: string, language: string): string => {
  const [, text = ''] = page.split(`\n## ${section}\n`)
  const [, code] = new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(text) ?? []
  if (code === undefined) throw new Error(`the page has no ${language} in its section ${section}`)
  return code
}

let failures = 0
for (const { section, language, file, needs, packages, env, hindrance } of clients) {
  if (!needs.every((path) => existsSync(path))) {
    console.log(`SKIPPED ${section}: its client is not installed (Debian: ${packages})`)
    continue
  }
  const why = hindrance?.()
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
