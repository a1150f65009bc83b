import {
  CpiError,
  type CreatedNetwork,
  type JsonObject,
  type NetworkDefinition,
  networkCid,
} from '@openstack-cpi/cpi-core'
import * as z from 'zod/mini'
import { ipVersion } from './address.ts'
import { isResourceId } from './cids.ts'
import { flag, read, text, texts } from './cloud-property-shapes.ts'

export const managedNetworkCloudPropertiesSchema = z.object({
  router_id: z.optional(text),
  subnetpool_id: z.optional(text),
  dns_nameservers: z.optional(texts),
  enable_dhcp: z.optional(flag),
  port_security_enabled: z.optional(flag),
})

/** What Neutron is asked for (driver spec §7.21). */
export interface ManagedNetworkPlan {
  readonly portSecurityEnabled: boolean | undefined
  /** The router that gets an interface in the subnet. */
  readonly routerId: string | undefined
  readonly subnet: {
    readonly ip_version: 4 | 6
    readonly enable_dhcp: boolean
    readonly cidr?: string
    readonly gateway_ip?: string
    readonly subnetpool_id?: string
    readonly prefixlen?: number
    readonly dns_nameservers?: readonly string[]
  }
}

/**
 * Reads a managed network's definition. A range that the cloud shall choose needs a subnet pool. Throws `CloudError`
 * with all that is wrong, `NotSupported` for other types than manual ones.
 */
export function planManagedNetwork(definition: NetworkDefinition, useDhcp: boolean): ManagedNetworkPlan {
  if (definition.type !== 'manual') {
    throw new CpiError('NotSupported', `Only manual networks can be managed, not \`${definition.type}'`)
  }
  const outcome = read(managedNetworkCloudPropertiesSchema, definition.cloudProperties)
  if ('problems' in outcome) throw invalid(outcome.problems)
  const properties = outcome.value
  if (definition.range === undefined && properties.subnetpool_id === undefined) {
    throw invalid(['without a range, cloud_properties.subnetpool_id must name a subnet pool to take one from'])
  }
  if (properties.router_id !== undefined && !isResourceId(properties.router_id)) {
    throw invalid([`router_id must be the id of a router, got "${properties.router_id}"`])
  }
  return {
    portSecurityEnabled: properties.port_security_enabled,
    routerId: properties.router_id,
    subnet: {
      ip_version: versionOf(definition),
      enable_dhcp: properties.enable_dhcp ?? useDhcp,
      ...(definition.range === undefined
        ? fromPool(properties.subnetpool_id, definition.netmaskBits)
        : { cidr: definition.range }),
      ...(definition.gateway === undefined ? {} : { gateway_ip: definition.gateway }),
      ...(properties.dns_nameservers === undefined ? {} : { dns_nameservers: properties.dns_nameservers }),
    },
  }
}

function fromPool(subnetpoolId: string | undefined, prefixlen: number | undefined) {
  return {
    ...(subnetpoolId === undefined ? {} : { subnetpool_id: subnetpoolId }),
    ...(prefixlen === undefined ? {} : { prefixlen }),
  }
}

function versionOf(definition: NetworkDefinition): 4 | 6 {
  const address = definition.range?.split('/')[0] ?? definition.gateway
  if (address === undefined) return (definition.netmaskBits ?? 0) > 32 ? 6 : 4
  const version = ipVersion(address)
  if (version === undefined) throw invalid([`"${definition.range ?? definition.gateway}" is no IP address or range`])
  return version
}

/**
 * The answer to the director (contract §6.21): range and gateway as Neutron has them, the addresses that Neutron itself
 * uses there, and cloud properties that lead `create_vm` to the network.
 */
export function describeManagedNetwork(input: {
  readonly networkId: string
  readonly cidr: string
  readonly gatewayIp: string | null
  /** All addresses on the network right after its creation. */
  readonly usedAddresses: readonly string[]
  readonly cloudProperties: JsonObject
}): CreatedNetwork {
  const { networkId, cidr, gatewayIp, usedAddresses, cloudProperties } = input
  return {
    network: networkCid(networkId),
    range: cidr,
    ...(gatewayIp === null ? {} : { gateway: gatewayIp }),
    reserved: [...new Set(usedAddresses)].filter((address) => address !== gatewayIp),
    cloudProperties: { ...cloudProperties, net_id: networkId },
  }
}

function invalid(problems: readonly string[]): CpiError {
  return new CpiError('CloudError', `Invalid definition of a managed network: ${problems.join('; ')}`)
}
