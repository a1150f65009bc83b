import type { Json, JsonObject } from '../model/json.ts'
import type { NetworkSpec, NetworkSpecs } from '../model/network-spec.ts'

/** What a driver learned about the NICs of a VM. */
export interface LearnedNetworks {
  /** True: the agent uses DHCP even where it has static data. False: it configures `ip` and `netmask` itself. */
  readonly useDhcp: boolean
  /**
   * MAC addresses by network name, in any case. Leave out what is not known: the agent fails on a MAC that no NIC has.
   * Networks of one `nic_group` share a MAC.
   */
  readonly macByNetwork?: ReadonlyMap<string, string>
}

/**
 * The networks of `create_vm` completed for the agent and for the answer (contract §8.1): `mac` where known, in lower case
 * since the agent compares text, and `use_dhcp` on all but vip networks. `prefix` and `nic_group` become text: a number
 * there makes the agent reject its whole settings document. Everything else stays as received, in the operator's order.
 */
export const completeNetworks = (networks: NetworkSpecs, learned: LearnedNetworks): JsonObject =>
  Object.fromEntries(networks.map((network) => [network.name, complete(network, learned)]))

const complete = (network: NetworkSpec, { useDhcp, macByNetwork }: LearnedNetworks): JsonObject => {
  const { raw, prefix, nicGroup } = network
  const texts: Record<string, Json> = {
    ...(prefix === undefined ? {} : { prefix }),
    ...(nicGroup === undefined ? {} : { nic_group: nicGroup }),
  }
  if (network.type === 'vip') return { ...raw, ...texts }
  const mac = macByNetwork?.get(network.name)?.toLowerCase()
  return { ...raw, ...texts, ...(mac === undefined ? {} : { mac }), use_dhcp: useDhcp }
}
