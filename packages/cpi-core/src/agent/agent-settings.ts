import type { AgentId } from '../model/cid.ts'
import type { JsonObject } from '../model/json.ts'
import type { NetworkSpecs } from '../model/network-spec.ts'

/** What the settings of an agent are made of. */
export interface AgentSettingsInput {
  /** Any stable name of the VM. */
  readonly vmName: string
  /** From `create_vm`; the agent rejects settings without it. */
  readonly agentId: AgentId
  /** From `create_vm`. */
  readonly networks: NetworkSpecs
  /** From `completeNetworks`. */
  readonly completedNetworks: JsonObject
  /** Device path of the root disk. Default: `/dev/sda`. */
  readonly systemDisk?: string
  /** Device path of the ephemeral disk; null when there is none: the agent then uses the rest of the root disk. */
  readonly ephemeralDisk: string | null
  /** From `create_vm`, passed through unchanged. */
  readonly env: JsonObject
  /** From `readAgentConfig`: its keys win over what is computed. */
  readonly config: JsonObject
}

/**
 * The settings document of an agent (contract §8.1), for user data, a metadata service or a seed disk, which must stay
 * readable for the VM's whole life. Holds secrets.
 */
export const createAgentSettings = (input: AgentSettingsInput): JsonObject => {
  const { vmName: name, systemDisk = '/dev/sda', ephemeralDisk } = input
  const nameservers = legacyNameservers(input.networks)
  return {
    server: { name },
    vm: { name },
    agent_id: input.agentId,
    networks: input.completedNetworks,
    disks: { system: systemDisk, ephemeral: ephemeralDisk, persistent: {} },
    env: input.env,
    ...(nameservers.length === 0 ? {} : { dns: { nameserver: nameservers } }),
    ...input.config,
  }
}

/** Of the network that provides DNS, else of the first that has any. Only old agents read it. */
const legacyNameservers = (networks: NetworkSpecs): readonly string[] => {
  const wired = networks.filter((network) => network.type === 'manual' || network.type === 'dynamic')
  const provider = wired.find((network) => network.default.includes('dns') && network.dns.length > 0)
  return (provider ?? wired.find((network) => network.dns.length > 0))?.dns ?? []
}
