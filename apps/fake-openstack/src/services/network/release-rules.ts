import { ApiError } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'
import type { ByRelease } from '../../kernel/release.ts'
import { internalError, neutronError } from './neutron-errors.ts'

/** What differs between Neutron's releases. */
interface NetworkRules {
  /** Aliases of the extensions that this release has and Zed had not. */
  readonly newExtensions: readonly string[]
  /** Subnets say whether their network is external, and those of external networks are shown to all projects. */
  readonly showsExternalSubnets: boolean
  /** Rules of security groups say whether their group is the default one. */
  readonly showsDefaultGroupRules: boolean
  /** Security group rules may name the protocol `any`. */
  readonly knowsAnyProtocol: boolean
  /** Refusal of the tags of a resource that does not exist. */
  readonly tagsOfMissing: (plural: string, id: string) => ApiError
  /** Quotas that Zed had not, with their defaults. */
  readonly newQuotas: Readonly<Record<string, number>>
  /** How the answer to adding and removing a router's interface names the owner. */
  readonly routerOwnerKey: 'tenant_id' | 'project_id'
  /** Projects may not delete a port whose device_owner is `compute:…`; they may release it first. */
  readonly protectsPortsOfServers: boolean
  /** Refusal of a port or subnet on a network of another project. */
  readonly createOnNetworkOfOthers: (resource: 'port' | 'subnet', projectId: string) => ApiError
}

const newIn2025 = [
  'network_ha',
  'port-numa-affinity-policy-socket',
  'quota-check-limit-default',
  'security-groups-default-rules',
  'security-groups-rules-belongs-to-default-sg',
  'subnet-external-network',
  'tag-creation',
]

const newIn2026 = [
  'aap-reject-multicast',
  'agent_sort_key',
  'floating-ip-router-writable',
  'network-ip-availability-details',
  'security-groups-default-statefulness',
]

type UntilNow = 'newQuotas' | 'routerOwnerKey' | 'protectsPortsOfServers' | 'createOnNetworkOfOthers'

/** The same until 2026.2. */
const until2026: Pick<NetworkRules, UntilNow> = {
  newQuotas: {},
  routerOwnerKey: 'tenant_id',
  protectsPortsOfServers: false,
  createOnNetworkOfOthers: (resource, projectId) =>
    new ApiError(403, `Tenant ${projectId} not allowed to create ${resource} on this network`, {
      type: 'HTTPForbidden',
    }),
}

const since2025: NetworkRules = {
  ...until2026,
  newExtensions: newIn2025,
  showsExternalSubnets: true,
  showsDefaultGroupRules: true,
  knowsAnyProtocol: true,
  tagsOfMissing: internalError,
}

const rules: ByRelease<NetworkRules> = {
  // Neutron 21
  zed: {
    ...until2026,
    newExtensions: [],
    showsExternalSubnets: false,
    showsDefaultGroupRules: false,
    knowsAnyProtocol: false,
    tagsOfMissing: (plural, id) =>
      neutronError(404, 'TagResourceNotFound', `Resource ${plural} ${id} could not be found.`),
  },
  // Neutron 26
  '2025.1': since2025,
  // Neutron 29
  '2026.2': {
    ...since2025,
    newExtensions: [...newIn2025, ...newIn2026],
    newQuotas: { router_route: 30 },
    routerOwnerKey: 'project_id',
    protectsPortsOfServers: true,
    createOnNetworkOfOthers: (resource) =>
      neutronError(403, 'PolicyNotAuthorized', `rule:create_${resource} is disallowed by policy`),
  },
}

export const rulesOf = (call: Call): NetworkRules => rules[call.context.settings.release]
