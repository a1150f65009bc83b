/**
 * `npm run test:reference`: the end-to-end suite, the rehearsal of create-env, the parity probes and the storm against the
 * real OpenStack that `reference:up` started, the real openstack client against the fake, and the check that the tenant of
 * the real cloud afterwards holds what it held before.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { readCloudDescription } from '@openstack-cpi/harness/cloud-description'
import { beyond, TenantView } from '@openstack-cpi/harness/tenant'

const root = fileURLToPath(new URL('../..', import.meta.url))
const state = process.env['REFERENCE_CLOUD_STATE'] ?? '/var/lib/reference-cloud'
const description = `${state}/fixtures.json`
if (!existsSync(description)) {
  console.error(`no reference cloud in ${state}: start it with "npm run reference:up" (Debian 12, root)`)
  process.exit(1)
}

const cloud = await readCloudDescription(description)
const view = await TenantView.login(cloud)
const before = await view.inventory()

/** Exit code of a command; this process goes on meanwhile, so that its own connections end when the cloud ends them. */
async function run(command: string, args: readonly string[], folder: string): Promise<number> {
  const environment = { ...process.env, OPENSTACK_FIXTURES: description, MATRIX: 'whole' }
  const child = spawn(command, args, { cwd: `${root}/tooling/${folder}`, stdio: 'inherit', env: environment })
  const [code] = (await once(child, 'exit')) as [number | null]
  return code ?? 1
}

const suite = await run('vitest', ['run'], 'e2e')

// The release as create-env and delete-env use it.
const rehearsal = await run('vitest', ['run', 'test/create-env.test.ts'], 'bosh-release')

// The fake is only worth what its recordings are: does the real cloud still answer so?
const parity = await run('node', ['--conditions=@openstack-cpi/source', 'src/record.ts'], 'parity')

// Calls killed at random, with tight quotas, while the services go away one after the other.
const storm = await run('vitest', ['run', 'suite/storm.test.ts'], 'resilience')

// What the real client can do with the real cloud it can do with the fake.
let client = 0
if (existsSync('/usr/bin/openstack')) {
  client = await run('node', ['check-fake.ts'], 'reference-cloud')
} else {
  console.log('SKIPPED the openstack client against the fake: /usr/bin/openstack is not installed')
}

const after = await view.inventory()
const changes = [
  ...beyond(before, after).map((key) => `${key} is left`),
  ...beyond(after, before).map((key) => `${key} is gone`),
]
const tenant = changes.length === 0 ? 0 : 1
console.log(tenant === 0 ? 'the tenant holds what it held before' : `the tenant has changed: ${changes.join('; ')}`)
process.exitCode = tenant || suite || rehearsal || parity || storm || client
