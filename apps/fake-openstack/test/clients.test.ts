import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'

const run = promisify(execFile)
const page = readFileSync(new URL('../../../docs/fake-openstack-clients.md', import.meta.url), 'utf8')
const binaries = fileURLToPath(new URL('../../../node_modules/.bin', import.meta.url))

/** The command of a section of the page. */
const commandOf = (section: string): string => {
  const [, text = ''] = page.split(`\n## ${section}\n`)
  return /```sh\n([\s\S]*?)```/.exec(text)?.[1] ?? ''
}

/** A stand-in for a client: says what it was called with, and asks the cloud of its variables for the version. */
const standIn = `#!/usr/bin/env node
fetch(process.env.OS_AUTH_URL)
  .then((answer) => answer.json())
  .then(({ version }) => console.log(version.id, process.env.OS_USERNAME, process.argv.slice(2).join(' ')))
`

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fake-openstack-clients-'))
  for (const client of ['python3', 'go', 'terraform', 'ansible-playbook']) {
    await writeFile(join(folder, client), standIn, { mode: 0o755 })
  }
})
afterAll(() => rm(folder, { recursive: true }))

test.each([
  ['pytest', ['-m pytest']],
  ['Go', ['test ./...']],
  ['Terraform', ['init', 'apply -auto-approve', 'destroy -auto-approve']],
  ['Ansible', ['-i localhost, -c local site.yml']],
])('the command of the page for %s runs its client with the cloud in its environment', async (section, calls) => {
  const env = { PATH: `${folder}:${binaries}:/usr/bin:/bin` }
  const { stdout } = await run('sh', ['-ec', commandOf(section)], { env, cwd: folder })
  expect(stdout.trim().split('\n')).toEqual(calls.map((call) => `v3.14 bosh ${call}`))
})
