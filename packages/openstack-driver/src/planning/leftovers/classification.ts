import type { PendingResultRecord } from '../../pending-results.ts'
import { metadataKey } from '../server-metadata.ts'

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

/** Something that a CPI call made and that nobody will ever ask for. */
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
  /** What calls have recorded that had finished something and not answered yet, by `pendingResultKey`. */
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

/** Milliseconds since the epoch; NaN for what is no date. */
export function utcMs(isoDate: string): number {
  return Date.parse(/(?:Z|[+-]\d\d:?\d\d)$/u.test(isoDate) ? isoDate : `${isoDate}Z`)
}

/** "create_vm (request cpi-7)", for the reasons. */
export function callName(method: string, { requestId }: Pick<CheckedOwner, 'requestId'>): string {
  return requestId === undefined ? method : `${method} (request ${requestId})`
}
