import type { Clock } from './clock.ts'
import type { CollectionDefinition, StoredRecord } from './collection.ts'
import type { RequestedFailure } from './failure.ts'
import type { Ids } from './ids.ts'
import type { Quotas } from './quotas.ts'
import type { Release } from './release.ts'
import type { Store } from './store.ts'

/** Bytes that are kept on request (uploads, console logs); not part of snapshots. */
export type Blobs = Map<string, Uint8Array>

/** Settings of the cloud that services look at. */
export interface CloudSettings {
  /** Whose answers the services give. */
  release: Release
  /** Most items on a page, over each service's own limit; undefined leaves the services' own. */
  pageSize: number | undefined
  /** Life of a token. */
  tokenLifetimeMs: number
  /** Keep the bytes of uploads, so that they can be downloaded again. */
  keepUploads: boolean
  /** Names of the regions; the first is where services run when nothing else is said. */
  regions: readonly string[]
  /** The catalog's internal and admin endpoints have addresses of their own. */
  distinctInterfaces: boolean
  /** Availability zones and their hosts, for Nova. */
  computeZones: Readonly<Record<string, readonly string[]>>
  /** Availability zones of Cinder. */
  volumeZones: readonly string[]
  /** `as-requested`: the device name of an attach request is kept; `next-free`: the fake chooses, as libvirt does. */
  deviceNames: 'as-requested' | 'next-free'
  /** How guests see config drives: as a CD-ROM (Nova's `config_drive_format` iso9660) or as a disk (vfat). */
  configDriveType: 'cdrom' | 'disk'
  /** Keystone still serves `/v2.0/tokens`, as clouds before 2018 did. */
  keystoneV2: boolean
  /** Who balances loads: Octavia, Neutron's LBaaS v2 extension (clouds before 2019), or no service. */
  loadBalancing: 'octavia' | 'neutron' | 'none'
}

/** What the catalog says of one service. */
export interface CatalogService {
  type: string
  /** Project name, such as `nova`. */
  project: string
  prefix: string
  /** Path behind the prefix; `%(project_id)s` stands for the token's project. */
  catalogPath: string
}

/** The transitions of a cloud: started and cancelled by services, applied when they are due. */
export interface Lifecycles {
  /** Names of all transitions, `<lifecycle>.<step>`. */
  names(): string[]
  /** Starts a lifecycle for a resource; its first step is applied when due, never within the same request. */
  start(lifecycle: { readonly name: string }, id: string, payload?: Readonly<Record<string, unknown>>): void
  /** Drops everything pending for a resource, for example when it is deleted while being built. */
  cancel<T extends StoredRecord, I extends string, S extends string>(
    collection: CollectionDefinition<T, I, S>,
    id: string,
  ): void
  /** Releases held transitions; returns how many. */
  release(resourceId?: string): number
  /** Applies all transitions that are due, in order of time. */
  settle(): void
  /** When the next transition is due, in epoch milliseconds. */
  nextAt(): number | undefined
  /** While `work` runs, every lifecycle that starts will fail this way. */
  failing<R>(failure: RequestedFailure | undefined, work: () => R): R
}

/** Everything that a service may touch: the state, the time, ids, pending transitions and quotas. */
export interface CloudContext {
  readonly store: Store
  readonly clock: Clock
  readonly ids: Ids
  readonly lifecycle: Lifecycles
  readonly quotas: Quotas
  readonly blobs: Blobs
  readonly settings: CloudSettings
  readonly catalog: readonly CatalogService[]
}
