/** What is finished by the last request of the call that makes it. */
export type UnansweredKind = 'volume' | 'snapshot' | 'image' | 'network'

/** Something whose call has not answered yet: its director does not know of it. */
export interface Unanswered {
  readonly kind: UnansweredKind
  readonly id: string
}

/** Says that the call is about to answer. Does not reject: what was created is finished, and a record is worth less. */
export type AboutToAnswer = () => Promise<void>

/**
 * Where a call notes, outside the cloud, that something is about to look finished there while its director does not know
 * of it yet. A process that dies at this moment leaves what nothing in the cloud tells from what a director uses
 * (ADR 7). Adding never throws: a call goes on without a record.
 */
export interface UnansweredRecords {
  add(thing: Unanswered): Promise<AboutToAnswer>
}

/** What a record says to somebody who searches for leftovers. */
export interface UnansweredRecord {
  /** Milliseconds since the epoch. */
  readonly recordedAtMs: number
  /** The call died in the instant in which it answered: its director may know the thing or not. */
  readonly isAnswering: boolean
}

/** Names a thing in the records that a search for leftovers is given. */
export function unansweredKey({ kind, id }: Unanswered): string {
  return `${kind} ${id}`
}
