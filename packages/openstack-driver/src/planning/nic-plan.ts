import type { JsonObject } from '@openstack-cpi/cpi-core'
import type { AddressPair } from './cloud-property-shapes.ts'

/** An address of a port. Without `ipAddress` Neutron picks one of the subnet. */
export interface FixedIp {
  readonly ipAddress?: string
  readonly subnetId?: string
}

/** A NIC for which the CPI makes the port before the server, so that addresses and MAC are known (driver spec §6.3). */
export interface PortNic {
  readonly kind: 'port'
  /** Names of the BOSH networks on this NIC; several when they share a `nic_group`. The first names the port. */
  readonly networks: readonly [string, ...string[]]
  readonly networkId: string
  /** Empty: Neutron picks the address. */
  readonly fixedIps: readonly FixedIp[]
  /** False: neither security groups nor address pairs. */
  readonly portSecurity: boolean
  readonly addressPairs: readonly AddressPair[]
  /** Addresses that some port must hold, or the configured VRRP address is a mistake (driver spec §6.4). */
  readonly vrrpAddressesToCheck: readonly string[]
  readonly vnicType?: string
  readonly bindingProfile?: JsonObject
  readonly qosPolicyId?: string
  readonly dnsName?: string
}

/** A NIC that Nova makes; without `networkId` Nova takes the project's only network. */
export interface ServerNic {
  readonly kind: 'server'
  readonly networks: readonly [string, ...string[]]
  readonly networkId?: string
}

export type NicPlan = PortNic | ServerNic

/** The body of `POST /v2.0/ports` for a NIC. Empty `securityGroupIds`: the project's group `default`. */
export function portBody(
  nic: PortNic,
  given: { readonly name: string; readonly description: string; readonly securityGroupIds: readonly string[] },
): JsonObject {
  return {
    network_id: nic.networkId,
    name: given.name,
    description: given.description,
    ...(nic.fixedIps.length === 0 ? {} : { fixed_ips: nic.fixedIps.map(toWireFixedIp) }),
    ...(nic.portSecurity ? securedBody(nic, given.securityGroupIds) : { port_security_enabled: false }),
    ...(nic.vnicType === undefined ? {} : { 'binding:vnic_type': nic.vnicType }),
    ...(nic.bindingProfile === undefined ? {} : { 'binding:profile': nic.bindingProfile }),
    ...(nic.qosPolicyId === undefined ? {} : { qos_policy_id: nic.qosPolicyId }),
    ...(nic.dnsName === undefined ? {} : { dns_name: nic.dnsName }),
  }
}

function securedBody(nic: PortNic, securityGroupIds: readonly string[]): JsonObject {
  return {
    ...(securityGroupIds.length === 0 ? {} : { security_groups: [...securityGroupIds] }),
    ...(nic.addressPairs.length === 0 ? {} : { allowed_address_pairs: nic.addressPairs.map(toWirePair) }),
  }
}

function toWireFixedIp({ ipAddress, subnetId }: FixedIp): JsonObject {
  return {
    ...(subnetId === undefined ? {} : { subnet_id: subnetId }),
    ...(ipAddress === undefined ? {} : { ip_address: ipAddress }),
  }
}

function toWirePair({ ipAddress, macAddress }: AddressPair): JsonObject {
  return { ip_address: ipAddress, ...(macAddress === undefined ? {} : { mac_address: macAddress }) }
}
