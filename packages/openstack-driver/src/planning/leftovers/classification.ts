import { type PendingResult, type PendingResultRecord, pendingResultKey } from '../../pending-results.ts'
import type { Snapshot } from '../../services/block-storage/snapshots.ts'
import type { Volume } from '../../services/block-storage/volumes.ts'
import type { ServerGroup } from '../../services/compute/server-groups.ts'
import type { Server } from '../../services/compute/servers.ts'
import type { GlanceImage } from '../../services/image/images.ts'
import type { Member } from '../../services/load-balancer/pools.ts'
import type { FloatingIp } from '../../services/network/floating-ips.ts'
import type { NeutronNetwork, Subnet } from '../../services/network/networks.ts'
import type { Port } from '../../services/network/ports.ts'
import { metadataKey } from '../creation-marks.ts'

/** What a leftover can be; in the order in which leftovers are removed. */
export const leftoverKinds = [
  'pool member',
  'floating IP',
  'server',
  'port',
  'snapshot',
  'volume',
  'image',
  'server group',
  'network',
  'subnet',
] as const
export type LeftoverKind = (typeof leftoverKinds)[number]

/** Something that a CPI call created and that no later call will name. */
export interface Leftover {
  readonly kind: LeftoverKind
  readonly id: string
  readonly name: string
  readonly directorUuid: string
  /** Of the call that made it; absent when nothing says so. */
  readonly requestId?: string
  /** Milliseconds since it was made; absent for server groups, whose age Nova does not tell. */
  readonly ageMs?: number
  /** Why it is one, in words. */
  readonly why: string
  /** It goes when this other leftover goes, and only then. */
  readonly goesWith?: { readonly kind: LeftoverKind; readonly id: string }
}

/** What is taken for a leftover. */
export interface Limits {
  readonly nowMs: number
  /** Younger things may belong to a call that is under way. */
  readonly olderThanMs: number
  /** Only what this director made; absent: of every director. */
  readonly directorUuid?: string
  /** Records of pending results, by `pendingResultKey`. */
  readonly pendingResults?: ReadonlyMap<string, PendingResultRecord>
}

/** One object's classification: a leftover, one that its director may know or not, or a reason to keep it. */
export type Classification =
  | { readonly leftover: Leftover }
  | { readonly undecided: Leftover }
  | { readonly keep: string; readonly isTooYoung?: true }

/** Who made an object, and when, as far as it says so itself. */
export interface CreationMarks {
  readonly directorUuid?: string
  readonly requestId?: string
  /** ISO date; UTC where no zone is named, as Cinder and Octavia write it. */
  readonly createdAt?: string
}

/** What is known of an object that is some director's and old enough. */
export type CheckedOwner = Pick<Leftover, 'directorUuid' | 'requestId' | 'ageMs'>

/** The marks of marks in metadata or a description. */
export function creationMarksOf(marks: Readonly<Record<string, unknown>>, createdAt: unknown): CreationMarks {
  const directorUuid = marks[metadataKey.directorUuid]
  const requestId = marks[metadataKey.requestId]
  return {
    ...(typeof directorUuid === 'string' && directorUuid !== '' ? { directorUuid } : {}),
    ...(typeof requestId === 'string' && requestId !== '' ? { requestId } : {}),
    ...(typeof createdAt === 'string' ? { createdAt } : {}),
  }
}

/** Nothing is classified whose maker or age is not known, that is another director's, or that is young. */
export function checkOwnership(
  marks: CreationMarks,
  limits: Limits,
): { readonly owner: CheckedOwner } | { readonly keep: string; readonly isTooYoung?: true } {
  const { directorUuid, requestId, createdAt } = marks
  if (directorUuid === undefined) return { keep: 'nothing says whose it is' }
  if (limits.directorUuid !== undefined && directorUuid !== limits.directorUuid) {
    return { keep: `it belongs to director ${directorUuid}` }
  }
  const ageMs = createdAt === undefined ? Number.NaN : limits.nowMs - utcMs(createdAt)
  if (Number.isNaN(ageMs)) return { keep: 'its age is not known' }
  if (ageMs < limits.olderThanMs) return { keep: 'it is too young', isTooYoung: true }
  return { owner: { directorUuid, ageMs, ...(requestId === undefined ? {} : { requestId }) } }
}

/** A date of the cloud in milliseconds since the epoch; NaN for what is no date. */
export function utcMs(isoDate: string): number {
  return Date.parse(/(?:Z|[+-]\d\d:?\d\d)$/u.test(isoDate) ? isoDate : `${isoDate}Z`)
}

/** "create_vm (request cpi-7)", for the reasons. */
export function callName(method: string, { requestId }: Pick<CheckedOwner, 'requestId'>): string {
  return requestId === undefined ? method : `${method} (request ${requestId})`
}

/** How the call that made a thing came to its end, in words; or why the thing is to be kept. */
export type Ending =
  | { readonly ended: string; readonly isUndecided?: true }
  | Extract<Classification, { readonly keep: string }>

/**
 * What is unfinished was left by its call. So was what is finished, if a record says that its call had not answered: unless
 * the record is so young that the call may be about to. If the call died while sending its response, it is undecided.
 */
export function endingOf(thing: PendingResult, isUnfinished: boolean, limits: Limits): Ending {
  if (isUnfinished) return { ended: 'ended before it was finished' }
  const record = limits.pendingResults?.get(pendingResultKey(thing))
  if (record === undefined) return { keep: 'it is finished, or not of the CPI' }
  if (limits.nowMs - record.recordedAtMs < limits.olderThanMs) {
    return { keep: 'its call may be about to answer', isTooYoung: true }
  }
  return record.isAnswering
    ? { ended: 'died while sending its response', isUndecided: true }
    : { ended: 'ended before it had answered' }
}

/** The classification on what is otherwise a leftover. */
export function classificationFor(leftover: Leftover, ending: Ending): Classification {
  return 'isUndecided' in ending ? { undecided: leftover } : { leftover }
}

/** A member and where it is. */
export interface PoolMember {
  readonly poolId: string
  /** Absent where the pool does not tell. */
  readonly loadBalancerId?: string
  readonly member: Member
}

/** Everything in the project that a CPI call may have left, and all that says whether it did. */
export interface ProjectInventory {
  /** As microversion 2.3 shows them. */
  readonly servers: readonly Server[]
  readonly serverGroups: readonly ServerGroup[]
  readonly ports: readonly Port[]
  readonly floatingIps: readonly FloatingIp[]
  readonly networks: readonly NeutronNetwork[]
  readonly subnets: readonly Subnet[]
  readonly members: readonly PoolMember[]
  readonly volumes: readonly Volume[]
  readonly snapshots: readonly Snapshot[]
  readonly images: readonly GlanceImage[]
}

/** A project with nothing in it. */
export const emptyInventory: ProjectInventory = {
  servers: [],
  serverGroups: [],
  ports: [],
  floatingIps: [],
  networks: [],
  subnets: [],
  members: [],
  volumes: [],
  snapshots: [],
  images: [],
}
