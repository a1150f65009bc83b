import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

/** Releases that `up` can start: the names of the data files in `releases/`. */
const releases: readonly string[] = readdirSync(fileURLToPath(new URL('releases', import.meta.url)))
  .filter((name) => name.endsWith('.sh'))
  .map((name) => name.replace(/\.sh$/, ''))

/** The reference cloud that a command is about, as `lib/release.sh` chooses it. */
export interface ChosenCloud {
  readonly release: string
  /** Network namespace in which the cloud listens; undefined for the machine's own. */
  readonly namespace: string | undefined
  /** Make VMs in the zone whose servers really boot. */
  readonly inGuestZone: boolean
  /** Path of the cloud description file. */
  readonly description: string
  /** Try the newest microversions of the cloud too. */
  readonly hasLatestMicroversions: boolean
}

/** Reads `--release`, `--latest-microversions` and `--guests`; throws a TypeError for anything else. */
export function chooseCloud(args: readonly string[], env: NodeJS.ProcessEnv): ChosenCloud {
  const { values } = parseArgs({
    args: [...args],
    options: {
      release: { type: 'string' },
      'latest-microversions': { type: 'boolean', default: false },
      guests: { type: 'boolean', default: false },
    },
  })
  const release = values.release ?? env['REFERENCE_CLOUD_RELEASE'] ?? 'zed'
  if (!releases.includes(release)) {
    throw new TypeError(`unknown release "${release}": use one of ${releases.join(', ')}`)
  }
  if (values.guests && release !== 'zed')
    throw new TypeError('--guests: servers boot on the reference cloud of zed only')
  const suffix = release === 'zed' ? '' : `-${release}`
  const state = env['REFERENCE_CLOUD_STATE'] ?? `/var/lib/reference-cloud${suffix}`
  return {
    release,
    inGuestZone: values.guests,
    description: `${state}/${values.guests ? 'guests/' : ''}fixtures.json`,
    namespace: release === 'zed' ? undefined : `reference-cloud-${release}`,
    hasLatestMicroversions: values['latest-microversions'],
  }
}
