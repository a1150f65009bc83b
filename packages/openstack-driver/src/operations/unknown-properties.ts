import { type CreateVm, isJsonObject, type JsonObject, warnOfUnknownProperties } from '@openstack-cpi/cpi-core'
import type { DriverContext } from '../driver-context.ts'
import { managedNetworkCloudPropertiesSchema } from '../planning/managed-network.ts'
import { networkCloudPropertiesSchema } from '../planning/network-cloud-properties.ts'
import { rootDiskNames, vmCloudPropertiesSchema } from '../planning/vm-cloud-properties.ts'

/** `ephemeral_disk` is a property of the Go CPI, which reads it and does nothing with it (driver spec §5.1). */
const vmNames = [...Object.keys(vmCloudPropertiesSchema.shape), 'ephemeral_disk']
const networkNames = Object.keys(networkCloudPropertiesSchema.shape)
/** With those that `create_vm` reads later, and those of the availability zone, which the director merges in. */
const managedNetworkNames = [
  ...Object.keys(managedNetworkCloudPropertiesSchema.shape),
  ...networkNames,
  'availability_zone',
  'availability_zones',
]

/**
 * Warns of the cloud properties of a VM and of its networks that are not known, each with the nearest known name. They are
 * no error: another version of the CPI may know them (driver spec §5).
 */
export function warnOfUnknownVmProperties({ log }: DriverContext, { cloudProperties, networks }: CreateVm): void {
  warnOfUnknownProperties(log, cloudProperties, vmNames, 'VM cloud properties')
  const { root_disk: rootDisk } = cloudProperties
  if (isJsonObject(rootDisk)) {
    warnOfUnknownProperties(log, rootDisk, rootDiskNames, "'root_disk' of the VM cloud properties")
  }
  for (const { name, cloudProperties: own } of networks) {
    warnOfUnknownProperties(log, own, networkNames, `cloud properties of network '${name}'`)
  }
}

/** The same for the cloud properties of a managed network. */
export function warnOfUnknownNetworkProperties({ log }: DriverContext, cloudProperties: JsonObject): void {
  warnOfUnknownProperties(log, cloudProperties, managedNetworkNames, 'cloud properties of the network')
}
