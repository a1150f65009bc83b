/** What the last request of a call finishes. */
export type PendingResultKind = 'volume' | 'snapshot' | 'image' | 'network'

/** Something that a call has finished before it has answered: its director does not know of it yet. */
export interface PendingResult {
  readonly kind: PendingResultKind
  readonly id: string
}

/** Says that the call is about to answer. Does not reject: what was created is finished, and a record is worth less. */
export type AboutToAnswer = () => Promise<void>

/**
 * Records, outside the cloud, of what is about to look finished there while its director does not know of it yet. After
 * a process that dies at this moment, nothing in the cloud tells the result from what a director uses (ADR 7). `add` does
 * not reject: a call goes on without a record.
 */
export interface PendingResults {
  add(result: PendingResult): Promise<AboutToAnswer>
}

/** A record, as a search for leftovers reads it. */
export interface PendingResultRecord {
  /** Milliseconds since the epoch. */
  readonly recordedAtMs: number
  /** The call died while sending its response: its director may know the result or not. */
  readonly isAnswering: boolean
}

/** The key of a result in the records that a search for leftovers is given. */
export function pendingResultKey({ kind, id }: PendingResult): string {
  return `${kind} ${id}`
}

/**
 * Finishes what a call created, by requests after which nothing in the cloud says that it is unfinished. A record says so
 * until they are answered; after that no request precedes the call's own answer. On failure the record stays: the director
 * is not told of the result, and the record of something that was removed has no effect.
 */
export async function finishPendingResult<R>(
  records: PendingResults | undefined,
  result: PendingResult,
  finish: () => Promise<R>,
): Promise<R> {
  const aboutToAnswer = await records?.add(result)
  const finished = await finish()
  await aboutToAnswer?.()
  return finished
}
