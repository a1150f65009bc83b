/**
 * `npm run test:reference [-- --release zed|2025.1|2026.2] [--guests]`: the end-to-end suite, the rehearsal of create-env,
 * the parity probes and the storm against the real OpenStack that `reference:up` started, the real openstack client and
 * the examples of other clients against the fake, and the check that the project on the real cloud afterwards holds what it
 * held before. With `--guests` (zed only) three files of the end-to-end suite and the rehearsal, with VMs in the zone whose
 * servers really boot.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { readCloudDescription } from '@openstack-cpi/harness/cloud-description'
import { beyond, TenantView } from '@openstack-cpi/harness/tenant'

const root = fileURLToPath(new URL('../..', import.meta.url))
const { REFERENCE_CLOUD_RELEASE: usualRelease = 'zed', REFERENCE_CLOUD_STATE: givenState } = process.env
const options = {
  release: { type: 'string', default: usualRelease },
  'latest-microversions': { type: 'boolean', default: false },
  guests: { type: 'boolean', default: false },
} as const
const { release, guests: inGuestZone, 'latest-microversions': hasLatestMicroversions } = parseArgs({ options }).values
// As `lib/release.sh` has them.
const state = givenState ?? `/var/lib/reference-cloud${release === 'zed' ? '' : `-${release}`}`
const namespace = release === 'zed' ? undefined : `reference-cloud-${release}`

const description = `${state}/${inGuestZone ? 'guests/' : ''}fixtures.json`
if (!existsSync(description) || (namespace !== undefined && !existsSync(`/run/netns/${namespace}`))) {
  const wanted = inGuestZone ? '--guests' : `--release ${release}`
  console.error(`no reference cloud ${release} is up: start it with "npm run reference:up -- ${wanted}" (root)`)
  process.exit(1)
}

/** Exit code of a command; this process goes on meanwhile, so that its own connections end when the cloud ends them. */
async function run(
  command: string,
  args: readonly string[],
  folder: string,
  more: NodeJS.ProcessEnv = {},
): Promise<number> {
  const env = { ...process.env, OPENSTACK_FIXTURES: description, REFERENCE_CLOUD_RELEASE: release, ...more }
  const child = spawn(command, args, { cwd: `${root}/tooling/${folder}`, stdio: 'inherit', env })
  const [code] = (await once(child, 'exit')) as [number | null]
  return code ?? 1
}

/** This program once more, with the loopback interface on which the cloud listens. */
const inNamespace = 'REFERENCE_CLOUD_NAMESPACE'
if (namespace !== undefined && process.env[inNamespace] !== namespace) {
  const again = [process.execPath, fileURLToPath(import.meta.url), ...process.argv.slice(2)]
  process.exit(
    await run('nsenter', [`--net=/run/netns/${namespace}`, '--', ...again], '.', { [inNamespace]: namespace }),
  )
}

const cloud = await readCloudDescription(description)
const versions = Object.entries(cloud.versions ?? {}).map((entry) => entry.join(' '))
console.log(`release ${release}: ${versions.join(', ')}`)
const view = await TenantView.login(cloud)
const before = await view.inventory()

type Parts = Readonly<Record<string, () => Promise<number>>>

/** The release as create-env and delete-env use it. */
const rehearsal = (more: NodeJS.ProcessEnv = {}) =>
  run('vitest', ['run', 'test/create-env.test.ts'], 'bosh-release', more)

/**
 * Of the end-to-end suite the files that make VMs of the flavors in `stand_ins`. The others name zones or quotas, or detach
 * disks, to which a guest must agree: their stemcell does not boot.
 */
const inZone: Parts = {
  'end-to-end suite': () =>
    run(
      'vitest',
      ['run', ...['create-vm', 'networking', 'load-balancers'].map((name) => `suite/${name}.test.ts`)],
      'e2e',
    ),
  'rehearsal of create-env': async () => {
    const folder = await mkdtemp(join(tmpdir(), 'booting-stemcell-'))
    try {
      const code = await run('./guests/stemcell/build', [folder], 'reference-cloud')
      return code === 0 ? await rehearsal({ BOOTING_ROOT_DISK: join(folder, 'root.img') }) : code
    } finally {
      await rm(folder, { recursive: true })
    }
  },
}

const outsideOfZone: Parts = {
  'end-to-end suite': () =>
    run('vitest', ['run'], 'e2e', hasLatestMicroversions ? { E2E_LATEST_MICROVERSIONS: '1' } : {}),

  'rehearsal of create-env': () => rehearsal(),

  // The fake is only worth what its recordings are: does the real cloud still answer so?
  'recorded answers': () => run('node', ['--conditions=workspace-source', 'src/record.ts'], 'parity'),

  // Calls killed at random, with tight quotas, while the services go away one after the other.
  storm: () => run('vitest', ['run', 'suite/storm.test.ts'], 'resilience', { MATRIX: 'whole' }),

  // What the openstack client can do with the real cloud it can do with the fake, and the examples for other languages work.
  'real clients against the fake': () => run('node', ['check-fake.ts'], 'reference-cloud'),
}

const failed: string[] = []
for (const [name, part] of Object.entries(inGuestZone ? inZone : outsideOfZone)) {
  if ((await part()) !== 0) failed.push(name)
}

const after = await view.inventory()
const changes = [
  ...beyond(before, after).map((key) => `${key} is left`),
  ...beyond(after, before).map((key) => `${key} is gone`),
]
if (changes.length > 0) failed.push(`project as before (${changes.join('; ')})`)
else console.log('the project holds what it held before')
console.log(failed.length === 0 ? `PASSED on ${release}` : `FAILED on ${release}: ${failed.join(', ')}`)
process.exitCode = failed.length === 0 ? 0 : 1
