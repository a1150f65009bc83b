import type { Call } from '../../kernel/call.ts'
import type { ByRelease } from '../../kernel/release.ts'

export type CapabilityKind = 'flavor' | 'availability_zone'

/** An option of a flavor's or zone's data, which the amphora provider names and checks. */
export interface Capability {
  readonly name: string
  readonly description: string
  /** `string` when left out. */
  readonly type?: 'boolean' | 'list'
  readonly choices?: readonly string[]
}

const flavorsOfZed: readonly Capability[] = [
  {
    name: 'loadbalancer_topology',
    description:
      'The load balancer topology. One of: SINGLE - One amphora per load balancer. ACTIVE_STANDBY - Two amphora per load balancer.',
    choices: ['SINGLE', 'ACTIVE_STANDBY'],
  },
  { name: 'compute_flavor', description: 'The compute driver flavor ID.' },
  { name: 'amp_image_tag', description: 'The amphora image tag.' },
]

const flavorsSince2025: readonly Capability[] = [
  ...flavorsOfZed,
  {
    name: 'sriov_vip',
    description: 'When true, the VIP port will be created using an SR-IOV VF port.',
    type: 'boolean',
  },
  {
    name: 'allow_member_sriov',
    description: 'When true, users can request a member port be SR-IOV enabled at member creation time.',
    type: 'boolean',
  },
]

const computeZone: Capability = { name: 'compute_zone', description: 'The compute availability zone.' }
const volumeZone: Capability = { name: 'volume_zone', description: 'The volume availability zone.' }
const networksOfZone: readonly Capability[] = [
  { name: 'management_network', description: 'The management network ID for the amphora.' },
  {
    name: 'valid_vip_networks',
    description:
      'List of network IDs that are allowed for VIP use. This overrides/replaces the list of allowed networks configured in `octavia.conf`.',
    type: 'list',
  },
]

const capabilities: ByRelease<Readonly<Record<CapabilityKind, readonly Capability[]>>> = {
  zed: { flavor: flavorsOfZed, availability_zone: [computeZone, ...networksOfZone] },
  '2025.1': { flavor: flavorsSince2025, availability_zone: [computeZone, ...networksOfZone] },
  '2026.2': { flavor: flavorsSince2025, availability_zone: [computeZone, volumeZone, ...networksOfZone] },
}

export const capabilitiesOf = (call: Call, kind: CapabilityKind): readonly Capability[] =>
  capabilities[call.context.settings.release][kind]
