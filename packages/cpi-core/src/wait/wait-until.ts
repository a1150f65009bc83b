import { type Pace, waitFor, waiting } from './wait-for.ts'

/** Something that will be so, without states on the way. */
export interface Condition {
  /** As in the messages: `Disk 'disk-1'`. */
  readonly what: string
  /** What it will be, for example `gone` or `released by the guest`. */
  readonly target: string
  /** Looks, and may push: it is called until it resolves with true. What it throws ends the wait. */
  readonly holds: () => Promise<boolean>
}

/**
 * Polls until something holds, immediately at first: `waitFor` for what has no states worth a log line. Throws
 * `WaitError`, kind `timed-out` after `pace.timeoutMs` or `aborted` by `pace.signal`, and what `holds` throws.
 */
export const waitUntil = async (pace: Pace, { what, target, holds }: Condition): Promise<void> => {
  await waitFor<true, void>(pace, {
    what,
    target,
    firstPollMs: 0,
    poll: async () => ((await holds()) ? undefined : true),
    state: () => `not ${target}`,
    classify: () => waiting,
    whenGone: () => undefined,
  })
}
