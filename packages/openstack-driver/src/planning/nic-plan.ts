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
  /** False: neither security groups nor address pairs. Absent: as the network has it. */
  readonly portSecurity?: boolean
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

/** What `POST /v2.0/ports` takes, in Neutron's spelling. */
export interface PortBody {
  readonly name: string
  readonly description: string
  readonly network_id: string
  readonly fixed_ips?: readonly { readonly subnet_id?: string; readonly ip_address?: string }[]
  readonly security_groups?: readonly string[]
  readonly allowed_address_pairs?: readonly { readonly ip_address: string; readonly mac_address?: string }[]
  readonly port_security_enabled?: boolean
  readonly 'binding:vnic_type'?: string
  readonly 'binding:profile'?: JsonObject
  readonly qos_policy_id?: string
  readonly dns_name?: string
}

/** The body of `POST /v2.0/ports` for a NIC. Empty `securityGroupIds`: the project's group `default`. */
export function portBody(
  nic: PortNic,
  given: { readonly name: string; readonly description: string; readonly securityGroupIds: readonly string[] },
): PortBody {
  return {
    network_id: nic.networkId,
    name: given.name,
    description: given.description,
    ...(nic.fixedIps.length === 0 ? {} : { fixed_ips: nic.fixedIps.map(toWireFixedIp) }),
    ...(nic.portSecurity === undefined ? {} : { port_security_enabled: nic.portSecurity }),
    ...(nic.portSecurity === false ? {} : securedBody(nic, given.securityGroupIds)),
    ...(nic.vnicType === undefined ? {} : { 'binding:vnic_type': nic.vnicType }),
    ...(nic.bindingProfile === undefined ? {} : { 'binding:profile': nic.bindingProfile }),
    ...(nic.qosPolicyId === undefined ? {} : { qos_policy_id: nic.qosPolicyId }),
    ...(nic.dnsName === undefined ? {} : { dns_name: nic.dnsName }),
  }
}

function securedBody(
  nic: PortNic,
  securityGroupIds: readonly string[],
): Pick<PortBody, 'security_groups' | 'allowed_address_pairs'> {
  return {
    ...(securityGroupIds.length === 0 ? {} : { security_groups: [...securityGroupIds] }),
    ...(nic.addressPairs.length === 0 ? {} : { allowed_address_pairs: nic.addressPairs.map(toWirePair) }),
  }
}

function toWireFixedIp({ ipAddress, subnetId }: FixedIp): NonNullable<PortBody['fixed_ips']>[number] {
  return {
    ...(subnetId === undefined ? {} : { subnet_id: subnetId }),
    ...(ipAddress === undefined ? {} : { ip_address: ipAddress }),
  }
}

function toWirePair({ ipAddress, macAddress }: AddressPair): NonNullable<PortBody['allowed_address_pairs']>[number] {
  return { ip_address: ipAddress, ...(macAddress === undefined ? {} : { mac_address: macAddress }) }
}
