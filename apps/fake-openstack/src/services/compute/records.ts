import type { GuestState } from '../../guest/disk-bus.ts'
import { defineCollection, type StoredRecord } from '../../kernel/collection.ts'
import { statusOf, type VmState } from './views/server-status.ts'

export interface FlavorRecord extends StoredRecord {
  name: string
  /** MiB */
  ram: number
  vcpus: number
  /** GiB */
  disk: number
  /** GiB */
  ephemeral: number
  /** MiB */
  swap: number
  is_public: boolean
  disabled: boolean
  rxtx_factor: number
  description: string | null
  extra_specs: Readonly<Record<string, string>>
  /** Ids of the projects that may use it although it is private. */
  access?: readonly string[]
}

/** Flavors, listed by id as Nova does. */
/** A host aggregate that was added to those of the seed's zones; the id is a number. */
export interface AggregateRecord extends StoredRecord {
  uuid: string
  name: string
  hosts: readonly string[]
  metadata: Readonly<Record<string, string>>
  /** Epoch milliseconds. */
  created_at: number
  updated_at: number | null
}

export const aggregates = defineCollection<AggregateRecord>()({ kind: 'aggregates' })

/** What administrators have made of the compute service of a host, whose name is the id. */
export interface ComputeServiceRecord extends StoredRecord {
  /** New servers are placed elsewhere. */
  disabled: boolean
  disabled_reason: string | null
  /** The service counts as dead, though it is not. */
  forced_down: boolean
}

export const computeServices = defineCollection<ComputeServiceRecord>()({ kind: 'compute_services' })

export const flavors = defineCollection<FlavorRecord>()({
  kind: 'flavors',
  order: (r) => r.id,
  indexes: { name: (r) => r.name },
})

/** The id is `<user id>/<name>`: key pairs belong to users, not to projects. */
export interface KeypairRecord extends StoredRecord {
  name: string
  user_id: string
  type: 'ssh' | 'x509'
  public_key: string
  fingerprint: string
  /** Number of the database row; Nova shows it as `id`. */
  number: number
  /** Epoch milliseconds. */
  created_at: number
}

/** Key pairs, listed by name. */
export const keypairs = defineCollection<KeypairRecord>()({
  kind: 'keypairs',
  order: (r) => r.name,
  indexes: { user: (r) => r.user_id },
})

export type Policy = 'affinity' | 'anti-affinity' | 'soft-affinity' | 'soft-anti-affinity'

export interface ServerGroupRecord extends StoredRecord {
  name: string
  policy: Policy
  rules: Readonly<Record<string, number>>
  project_id: string
  user_id: string
}

/** Server groups; their members are the servers that name them. */
export const serverGroups = defineCollection<ServerGroupRecord>()({
  kind: 'server_groups',
  indexes: { project: (r) => r.project_id },
})

/** What a server remembers of its flavor: later changes of the flavor do not touch it. */
export interface ServerFlavor {
  id: string
  name: string
  ram: number
  vcpus: number
  disk: number
  ephemeral: number
  swap: number
  extra_specs: Readonly<Record<string, string>>
}

/** A block device mapping. */
export interface Disk {
  /** `bdm_uuid` from 2.89 on. */
  uuid: string
  source_type: 'image' | 'volume' | 'snapshot' | 'blank'
  destination_type: 'local' | 'volume'
  volume_id: string | null
  /** Cinder's attachment; null before the volume is reserved. */
  attachment_id: string | null
  image_id: string | null
  snapshot_id: string | null
  /** GiB */
  volume_size: number | null
  volume_type: string | null
  /** -1 for disks that are not booted from. */
  boot_index: number
  delete_on_termination: boolean
  device_name: string | null
  guest_format: string | null
  tag: string | null
}

/** A network connection as asked for; `port_id` is null until the port exists. */
export interface Nic {
  network_id: string | null
  port_id: string | null
  fixed_ip: string | null
  tag: string | null
  /** Nova made the port, so it goes with the server. */
  is_own_port: boolean
}

export interface Fault {
  code: number
  message: string
  details: string | null
  /** Epoch milliseconds. */
  created_at: number
}

export interface ServerRecord extends StoredRecord {
  /** Number of the database row, in `instance-0000002a`. */
  number: number
  name: string
  description: string | null
  hostname: string
  project_id: string
  user_id: string
  metadata: Readonly<Record<string, string>>
  tags: readonly string[]
  /** Empty for a server that boots from a volume. */
  image_id: string
  /** Properties of the image at the time of the boot. */
  image_properties: Readonly<Record<string, string>>
  flavor: ServerFlavor
  /** What a resize may be reverted to. */
  old_flavor: ServerFlavor | null
  vm_state: VmState
  task_state: string | null
  /** 0 none, 1 running, 3 paused, 4 shut down, 7 suspended. */
  power_state: number
  host: string | null
  /** Zone that was asked for; null leaves the choice to the scheduler. */
  requested_zone: string | null
  /** An administrator made it, who may use external networks. */
  made_by_admin?: boolean
  /** Host that an admin asked for as `zone:host`. */
  requested_host: string | null
  /**
   * Servers beside which, and apart from which, it was asked to be placed: scheduler hints `same_host`,
   * `different_host`.
   */
  same_host: readonly string[]
  different_host: readonly string[]
  group_id: string | null
  access_ip_v4: string | null
  access_ip_v6: string | null
  disk_config: 'AUTO' | 'MANUAL'
  config_drive: boolean
  key_name: string | null
  /** The key as it was at the time of the boot. */
  key_data: string | null
  /** Base64. */
  user_data: string | null
  admin_pass: string
  personality: readonly { path: string; contents: string }[]
  /** Names or ids as asked for; ports that Nova makes get them. */
  security_groups: readonly string[]
  locked: boolean
  locked_reason: string | null
  trusted_certs: readonly string[] | null
  disks: readonly Disk[]
  nics: readonly Nic[]
  fault: Fault | null
  reservation_id: string
  launch_index: number
  /** The image that a shelved server was stored as. */
  shelved_image_id?: string | null
  root_device_name: string | null
  /** What the guest knows of its disks; absent before it first boots. */
  guest?: GuestState
  /** Lines of the console. */
  console: readonly string[]
  /** Epoch milliseconds. */
  created_at: number
  updated_at: number
  launched_at: number | null
  terminated_at: number | null
}

const counts = (server: ServerRecord): boolean => server.vm_state !== 'deleted'

/**
 * Servers. A deleted one stays for a moment with `vm_state` `deleted`, as the real API shows it, and counts for nothing.
 * The larger flavor of a pending resize counts.
 */
export const servers = defineCollection<ServerRecord>()({
  kind: 'servers',
  indexes: {
    project: (r) => r.project_id,
    /** In small letters, as the database compares. */
    name: (r) => r.name.toLowerCase(),
    status: (r) => statusOf(r).toLowerCase(),
    tag: (r) => r.tags,
    host: (r) => (counts(r) ? r.host : null),
    group: (r) => (counts(r) ? r.group_id : null),
    /** Servers that count towards the project's quota. */
    quota: (r) => (counts(r) ? r.project_id : null),
    volume: (r) => r.disks.flatMap((disk) => disk.volume_id ?? []),
  },
  sums: {
    cores: { by: (r) => r.project_id, of: (r) => (counts(r) ? flavorsOf(r, (f) => f.vcpus) : 0) },
    ram: { by: (r) => r.project_id, of: (r) => (counts(r) ? flavorsOf(r, (f) => f.ram) : 0) },
    hostCores: { by: (r) => r.host ?? '', of: (r) => (counts(r) ? r.flavor.vcpus : 0) },
    hostRam: { by: (r) => r.host ?? '', of: (r) => (counts(r) ? r.flavor.ram : 0) },
    hostDisk: { by: (r) => r.host ?? '', of: (r) => (counts(r) ? r.flavor.disk + r.flavor.ephemeral : 0) },
  },
})

const flavorsOf = (server: ServerRecord, size: (flavor: ServerFlavor) => number): number =>
  Math.max(size(server.flavor), server.old_flavor ? size(server.old_flavor) : 0)

/** What was done with a server; kept after the server is gone. */
export interface InstanceActionRecord extends StoredRecord {
  server_id: string
  project_id: string
  user_id: string
  request_id: string
  action: string
  message: string | null
  /** Epoch milliseconds. */
  start_time: number
  updated_at: number
  events: readonly ActionEvent[]
}

export interface ActionEvent {
  event: string
  /** Epoch milliseconds. */
  start_time: number
  finish_time: number | null
  result: 'Success' | 'Error' | null
  host: string | null
}

export const instanceActions = defineCollection<InstanceActionRecord>()({
  kind: '_instance_actions',
  internal: true,
  indexes: { server: (r) => r.server_id },
})
