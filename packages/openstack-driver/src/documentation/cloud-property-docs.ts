import type * as z from 'zod/mini'
import type { copiedProperties } from '../planning/image-properties.ts'
import type { managedNetworkCloudPropertiesSchema } from '../planning/managed-network.ts'
import type { networkCloudPropertiesSchema } from '../planning/network-cloud-properties.ts'
import type { vmCloudPropertiesSchema } from '../planning/vm-cloud-properties.ts'
import type { diskCloudPropertiesSchema } from '../planning/volumes.ts'
import { both, fresh, type PropertyDoc, ruby } from './property-doc.ts'

/** A description of each key of a schema; leaving one out does not compile. */
type DocsOf<Schema extends z.ZodMiniType> = Readonly<Record<keyof z.infer<Schema> & string, PropertyDoc>>

/** VM types, VM extensions and AZs, merged by the director (driver spec §5.1). */
export const vmCloudPropertyDocs: DocsOf<typeof vmCloudPropertiesSchema> = {
  instance_type: both('string, required', '–', 'Flavor by name; by id where no name matches.', 'm1.medium'),
  availability_zone: both('string', "Nova's choice", 'Nova AZ, passed on as it is: also `zone:host`.', 'z1'),
  availability_zones: both(
    'list of strings',
    '–',
    'AZs tried in random order until one works. Excludes `availability_zone`; needs `ignore_server_availability_zone: true`.',
    ['z1', 'z2'],
  ),
  key_name: both('string', '`default_key_name`', 'Key pair; belongs to the CPI’s user.', 'bosh'),
  security_groups: both(
    'list of strings',
    "the networks', else `default_security_groups`",
    'Security groups by name or id. Replaces those of the networks and of the configuration; nothing is merged.',
    ['bosh', 'cf'],
  ),
  scheduler_hints: ruby('hash', '–', 'Sent as `os:scheduler_hints`.', {
    group: '0f5bc5f9-2a3f-4f0b-b2a3-6b1f2c7d8e90',
  }),
  root_disk: ruby(
    'hash: `size` (GiB, integer ≥ 1), `volume_type` or `type`',
    "the flavor's disk, the cloud's type",
    'Boot volume; only with boot from volume. `volume_type` is new.',
    { size: 20, volume_type: 'ssd' },
  ),
  boot_from_volume: both('boolean', "the configuration's", 'Boot from a Cinder volume that goes with the VM.', true),
  loadbalancer_pools: both(
    'list of `name`, `port`, `monitoring_port`',
    '–',
    'Pools the VM joins. `monitoring_port` needs Octavia.',
    [{ name: 'router-http', port: 80, monitoring_port: 8080 }],
  ),
  allowed_address_pairs: both(
    'string, or list of strings or `{ip_address, mac_address}`',
    '–',
    "Further addresses (VRRP) or CIDRs of the default network's port. A list is new.",
    ['10.0.0.50', '10.0.9.0/24'],
  ),
  vrrp_port_check: both(
    'boolean',
    '`true`',
    'Demand that a port reserves each address of `allowed_address_pairs`.',
    false,
  ),
  server_group: fresh(
    'string (name or policy), or hash of `name`, `policy`',
    '–',
    'Server group, made on demand and removed with its last member; one that exists already under this name is used and stays. Policies: affinity, anti-affinity, soft-affinity, soft-anti-affinity. Without a name: `<director uuid>-<instance group>`.',
    { name: 'cf-router', policy: 'soft-anti-affinity' },
  ),
  metadata: fresh('hash', '–', 'Metadata of the server, from its creation on.', { cost_center: '4711' }),
  tags: fresh('list of strings', '–', 'Tags of the server (Nova 2.52).', ['cf']),
  config_drive: fresh('boolean', "the configuration's", 'Give this VM a config drive, or none.', true),
}

/** Networks: a dynamic or vip network, or a subnet of a manual one (driver spec §5.2). */
export const networkCloudPropertyDocs: DocsOf<typeof networkCloudPropertiesSchema> = {
  net_id: both(
    'string; required for manual networks',
    'the only network',
    'Id of the Neutron **network**, not of a subnet.',
    '8bc3eae6-e2ab-4d18-a905-b092ed48c85a',
  ),
  subnet_id: fresh(
    'string',
    'the one with the address',
    'Choose the subnet explicitly.',
    '42ae9b03-57c5-4265-b5ec-d4f7d198fe15',
  ),
  security_groups: both(
    'list of strings',
    '`default_security_groups`',
    "Used if the VM's cloud properties name none; those of all networks are joined.",
    ['bosh'],
  ),
  vrrp_port_check: ruby('boolean', '`true`', 'As in VM types.', false),
  port_security_enabled: fresh(
    'boolean',
    "the network's",
    '`false`: a port without security groups and address pairs.',
    false,
  ),
  vnic_type: fresh('string', '`normal`', '`binding:vnic_type` of the port.', 'direct'),
  binding_profile: fresh('hash', '–', '`binding:profile` of the port.', { capabilities: ['switchdev'] }),
  qos_policy_id: fresh('string', '–', 'QoS policy of the port.', '3a7e6b0e-6c3b-4a55-9d1f-2f1c6a6f9b11'),
  dns_name: fresh('string', '–', '`dns_name` of the port.', 'router'),
  allocate: fresh(
    'boolean',
    '`false`',
    'vip networks: allocate the floating IP if the project has none with this address.',
    true,
  ),
  network: fresh('string', '–', 'vip networks: external network, by name or id, to allocate from.', 'public'),
}

/** Disk types (driver spec §5.3). */
export const diskCloudPropertyDocs: DocsOf<typeof diskCloudPropertiesSchema> = {
  type: both('string', '`default_volume_type`', 'Cinder volume type, by name or id.', 'ssd'),
  availability_zone: fresh('string', "the VM's", 'Cinder AZ; wins over the AZ of the VM.', 'z1'),
  scheduler_hints: fresh('hash', '–', 'Sent as `OS-SCH-HNT:scheduler_hints`.', { different_host: [] }),
  name: fresh(
    'string',
    '–',
    'Set by the director for dynamic disks. Becomes the description of the volume, at most 255 characters; its name stays unique.',
    'dd1',
  ),
}

/** Managed networks: `create_network` (driver spec §7.21). */
export const managedNetworkCloudPropertyDocs: DocsOf<typeof managedNetworkCloudPropertiesSchema> = {
  router_id: fresh(
    'string',
    '–',
    'Router that gets an interface in the subnet.',
    '8ded66e8-4540-40ae-b6cb-b30c8ad28627',
  ),
  subnetpool_id: fresh(
    'string',
    '–',
    'Pool to take the range from, when only its size is given.',
    'e0a5a5b4-7a0e-4a4e-bb2c-98d3a14ef1c3',
  ),
  dns_nameservers: fresh('list of strings', '–', "The subnet's name servers.", ['192.0.2.53']),
  enable_dhcp: fresh('boolean', '`true`', 'DHCP in the subnet.', false),
  port_security_enabled: fresh('boolean', "the cloud's", 'Port security of the network.', false),
}

/** Stemcells: cloud properties of the manifest (driver spec §5.4, §7.2). */
export const stemcellCloudPropertyDocs: Readonly<
  Record<
    | 'name'
    | 'disk_format'
    | 'container_format'
    | 'image_id'
    | 'hypervisor'
    | 'tags'
    | (typeof copiedProperties)[number],
    PropertyDoc
  >
> = {
  name: both('string', '`bosh-stemcell`', 'First part of the image name.', 'bosh-openstack-kvm-ubuntu-noble'),
  version: both('string', '–', 'Second part of the image name, and a property.', '1.200'),
  disk_format: both('string, required', '–', 'Format of `root.img`.', 'qcow2'),
  container_format: both('string', '`bare`', 'Container format of the image.', 'bare'),
  image_id: both(
    'string',
    '–',
    'Makes a light stemcell: an image that exists and is never deleted.',
    'ed599492-012a-46d1-a7a6-04a5348981b5',
  ),
  hypervisor: both('string', '–', 'Image property `hypervisor_type`.', 'kvm'),
  tags: both('hash', '–', 'Further image properties.', { team: 'cf' }),
  os_type: both('string', '–', 'Image property.', 'linux'),
  os_distro: both('string', '–', 'Image property.', 'ubuntu'),
  architecture: both('string', '–', 'Image property.', 'x86_64'),
  auto_disk_config: both('boolean', '–', 'Image property.', true),
  hw_vif_model: both('string', '–', 'Image property.', 'virtio'),
  hw_disk_bus_model: ruby('string', '–', 'Image property.', 'virtio'),
  hw_scsi_model: ruby('string', '–', 'Image property.', 'virtio-scsi'),
  hw_disk_bus: ruby('string', '–', 'Image property.', 'scsi'),
  hw_vif_multiqueue_enabled: ruby('boolean', '–', 'Image property.', true),
  vmware_adaptertype: both('string', '–', 'Image property.', 'lsiLogic'),
  vmware_disktype: both('string', '–', 'Image property.', 'sparse'),
  vmware_linked_clone: both('boolean', '–', 'Image property.', false),
  vmware_ostype: both('string', '–', 'Image property.', 'ubuntu64Guest'),
}
