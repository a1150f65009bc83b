/**
 * `npm run fake:check`: what `check` does to the reference cloud with the real openstack client, done to the fake: the
 * same script, the same users (it does nothing as admin), the TLS listener included. Afterwards the fake must hold nothing
 * but its seed. It takes minutes, nearly all of it the start of the client.
 */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startFake, tlsListener } from '@openstack-cpi/harness/fake-process'

const tools = ['openstack', 'qemu-img', 'jq', 'curl']
const missing = tools.filter((tool) => !existsSync(`/usr/bin/${tool}`))
if (missing.length > 0) {
  console.error(
    `fake:check needs ${missing.map((tool) => `/usr/bin/${tool}`).join(', ')} (Debian: python3-openstackclient,`,
  )
  console.error('python3-octaviaclient, qemu-utils, jq, curl; reference:packages installs them)')
  process.exit(1)
}

const folder = await mkdtemp(join(tmpdir(), 'fake-openstack-check-'))
const state = join(folder, 'state')
const fake = await startFake(folder, ['--directory', state, '--keep-uploads', ...tlsListener])
try {
  const script = fileURLToPath(new URL('./check', import.meta.url))
  const env = { ...process.env, REFERENCE_CLOUD_STATE: state, REFERENCE_CLOUD_RELEASE: 'zed' }
  const { status } = spawnSync('bash', [script], { stdio: 'inherit', env })
  const response = await fetch(`${fake.origin}/_fake/leftovers`)
  const leftovers = Object.keys((await response.json()) as object) // an object of lists, by kind
  if (leftovers.length > 0) console.error(`the fake holds more than its seed: ${leftovers.join(', ')}`)
  process.exitCode = status || (leftovers.length > 0 ? 1 : 0)
} finally {
  await fake.stop()
  await rm(folder, { recursive: true })
}
