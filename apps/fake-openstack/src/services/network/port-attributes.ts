import { addressPairs } from './allowed-address-pairs.ts'
import { type Attributes, commonAttributes, textAttribute } from './attribute.ts'
import { dhcpOptions } from './dhcp-options.ts'
import {
  dictOrNull,
  fixedIps,
  mac,
  oneOf,
  orNull,
  string,
  toBoolean,
  toList,
  toMac,
  uuid,
  uuidList,
} from './readers.ts'

const vnicTypes = [
  'normal',
  'direct',
  'macvtap',
  'baremetal',
  'direct-physical',
  'virtio-forwarder',
  'smart-nic',
  'vdpa',
  'accelerator-direct',
  'accelerator-direct-physical',
  'remote-managed',
]

/** The attributes of a port, with those that extensions add. */
export const portAttributes: Attributes = {
  ...commonAttributes,
  name: textAttribute(255),
  description: textAttribute(255),
  // Accepted and dropped on create.
  tags: { post: 'optional', filter: true },
  network_id: { post: 'required', validate: uuid, filter: true, sort: true },
  admin_state_up: { post: 'optional', put: true, default: true, convert: toBoolean, filter: true, sort: true },
  mac_address: { post: 'optional', put: true, convert: toMac, validate: mac, filter: true, sort: true },
  fixed_ips: { post: 'optional', put: true, validate: fixedIps, filter: true },
  device_id: textAttribute(255),
  device_owner: textAttribute(255),
  status: { filter: true, sort: true },
  security_groups: { post: 'optional', put: true, convert: toList, validate: uuidList, filter: true },
  allowed_address_pairs: { post: 'optional', put: true, convert: toList, validate: addressPairs },
  extra_dhcp_opts: { post: 'optional', put: true, validate: dhcpOptions },
  device_profile: { post: 'optional', validate: orNull(string(255)), isUnmodelled: true },
  numa_affinity_policy: {
    post: 'optional',
    put: true,
    validate: oneOf('required', 'preferred', 'legacy', null),
    isUnmodelled: true,
  },
  port_security_enabled: { post: 'optional', put: true, convert: toBoolean },
  'binding:vnic_type': { post: 'optional', put: true, default: 'normal', validate: oneOf(...vnicTypes) },
  'binding:host_id': { post: 'optional', put: true, filter: true, isAdminOnly: true, isSetByAdminOnly: true },
  'binding:profile': {
    post: 'optional',
    put: true,
    validate: dictOrNull,
    isAdminOnly: true,
    isSetByAdminOnly: true,
  },
  'binding:vif_type': { isAdminOnly: true },
  'binding:vif_details': { isAdminOnly: true },
}
