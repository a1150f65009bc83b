import type { Json, JsonObject, NetworkSpec, NetworkSpecs } from '@openstack-cpi/cpi-core'
import { invalidVm } from './invalid-vm.ts'

/** Nova's limit for `user_data`, counted in base64. */
const maxUserDataBytes = 65_535

/**
 * The `networks` argument completed for the agent and for the answer: `mac` where known, `use_dhcp` on all but vip
 * networks (contract §8.1). The agent compares the MAC as text: lower case.
 */
export function completeNetworks(
  networks: NetworkSpecs,
  known: { readonly useDhcp: boolean; readonly macByNetwork: ReadonlyMap<string, string> },
): JsonObject {
  return Object.fromEntries(
    networks.map((network) => {
      if (network.type === 'vip') return [network.name, stringsWhereTheAgentWantsThem(network)]
      const mac = known.macByNetwork.get(network.name)?.toLowerCase()
      const learned = { ...(mac === undefined ? {} : { mac }), use_dhcp: known.useDhcp }
      return [network.name, { ...stringsWhereTheAgentWantsThem(network), ...learned }]
    }),
  )
}

/** A number in `prefix` would make the agent reject the whole document (contract §8.1). */
function stringsWhereTheAgentWantsThem(network: NetworkSpec): JsonObject {
  return {
    ...network.raw,
    ...(network.prefix === undefined ? {} : { prefix: network.prefix }),
    ...(network.nicGroup === undefined ? {} : { nic_group: network.nicGroup }),
  }
}

export interface AgentSettingsInput {
  readonly serverName: string
  readonly agentId: string
  readonly networks: NetworkSpecs
  /** As `completeNetworks` answers. */
  readonly completedNetworks: JsonObject
  /** `/dev/sdb`, or null. */
  readonly ephemeralDevice: string | null
  readonly env: JsonObject
  /** The `agent` section of the configuration file: wins over what is computed (contract §8.1). */
  readonly agent: JsonObject
}

/** The settings document of the agent, in its metadata-service form (contract §8.1). Holds secrets. */
export function agentSettings(input: AgentSettingsInput): JsonObject {
  const nameservers = legacyNameservers(input.networks)
  return {
    server: { name: input.serverName },
    vm: { name: input.serverName },
    agent_id: input.agentId,
    networks: input.completedNetworks,
    disks: { system: '/dev/sda', ephemeral: input.ephemeralDevice, persistent: {} },
    env: input.env,
    ...(nameservers.length === 0 ? {} : { dns: { nameserver: nameservers } }),
    ...Object.fromEntries(Object.entries(input.agent).filter(([, value]: [string, Json]) => value !== null)),
  }
}

/** Of the network that provides DNS, else of the first that has any. Only old agents read it. */
function legacyNameservers(networks: NetworkSpecs): readonly string[] {
  const wired = networks.filter((network) => network.type === 'manual' || network.type === 'dynamic')
  const provider = wired.find((network) => network.default.includes('dns') && network.dns.length > 0)
  return (provider ?? wired.find((network) => network.dns.length > 0))?.dns ?? []
}

/** The document as `user_data`. Throws `VmCreationFailed`, not to be retried, beyond Nova's limit. */
export function encodeUserData(settings: JsonObject): string {
  const encoded = Buffer.from(JSON.stringify(settings), 'utf8').toString('base64')
  if (encoded.length > maxUserDataBytes) {
    throw invalidVm(
      `The agent settings take ${encoded.length} bytes of user data, but Nova takes at most ${maxUserDataBytes}: make 'env' or the network settings smaller`,
    )
  }
  return encoded
}
