import type { JsonObject } from '@openstack-cpi/cpi-core'
import * as z from 'zod/mini'
import { flag, hash, read, text, texts } from './cloud-property-shapes.ts'

/** What a network of the cloud config asks for, checked (driver spec §5.2). */
export interface NetworkCloudProperties {
  /** Id of a Neutron network, not of a subnet. */
  readonly netId?: string
  readonly subnetId?: string
  readonly securityGroups: readonly string[]
  readonly vrrpPortCheck?: boolean
  readonly portSecurityEnabled?: boolean
  readonly vnicType?: string
  readonly bindingProfile?: JsonObject
  readonly qosPolicyId?: string
  readonly dnsName?: string
  /** vip networks: allocate the floating IP when the project has none with this address. */
  readonly allocate: boolean
  /** vip networks: name or id of the external network to allocate from. */
  readonly externalNetwork?: string
}

/** The wire form; unknown keys are a warning and no error. */
export const networkCloudPropertiesSchema = z.object({
  net_id: z.optional(text),
  subnet_id: z.optional(text),
  security_groups: z.optional(texts),
  vrrp_port_check: z.optional(flag),
  port_security_enabled: z.optional(flag),
  vnic_type: z.optional(text),
  binding_profile: z.optional(hash),
  qos_policy_id: z.optional(text),
  dns_name: z.optional(text),
  allocate: z.optional(flag),
  network: z.optional(text),
})

/** Reads one network's cloud properties, or lists what is wrong with them. */
export function readNetworkCloudProperties(
  networkName: string,
  properties: JsonObject,
): { readonly value: NetworkCloudProperties } | { readonly problems: readonly string[] } {
  const outcome = read(networkCloudPropertiesSchema, properties, `Network '${networkName}': `)
  if ('problems' in outcome) return outcome
  const wire = outcome.value
  return {
    value: {
      ...(wire.net_id === undefined ? {} : { netId: wire.net_id }),
      ...(wire.subnet_id === undefined ? {} : { subnetId: wire.subnet_id }),
      securityGroups: wire.security_groups ?? [],
      ...(wire.vrrp_port_check === undefined ? {} : { vrrpPortCheck: wire.vrrp_port_check }),
      ...(wire.port_security_enabled === undefined ? {} : { portSecurityEnabled: wire.port_security_enabled }),
      ...(wire.vnic_type === undefined ? {} : { vnicType: wire.vnic_type }),
      ...(wire.binding_profile === undefined ? {} : { bindingProfile: wire.binding_profile }),
      ...(wire.qos_policy_id === undefined ? {} : { qosPolicyId: wire.qos_policy_id }),
      ...(wire.dns_name === undefined ? {} : { dnsName: wire.dns_name }),
      allocate: wire.allocate ?? false,
      ...(wire.network === undefined ? {} : { externalNetwork: wire.network }),
    },
  }
}
