import type { Listener, ListenOptions } from './adapters/http.ts'
import type { Snapshot, Unmodelled } from './cloud-interface.ts'
import type { CloudState } from './cloud-state.ts'
import type { Credentials } from './credentials.ts'
import type { Guest } from './guest/guest-view.ts'
import type { ClockMode } from './kernel/clock.ts'
import type { Duration } from './kernel/duration.ts'
import type { Outcome } from './kernel/fault-effects.ts'
import type { FaultRule } from './kernel/fault-rule.ts'
import type { InstalledRule } from './kernel/faults.ts'
import type { JournalEntry } from './kernel/journal.ts'
import type { FaultPresetName } from './presets/fault-presets.ts'
import type { Seed } from './seed/schema.ts'

/** The time of a cloud. */
export interface FakeClock {
  readonly mode: ClockMode
  /** Epoch milliseconds. */
  now(): number
  /** Moves time forward (`'1m30s'`, or milliseconds) and applies what becomes due on the way, in order. */
  advance(duration: Duration): void
  /** Changes between virtual and real time without a jump. */
  setMode(mode: ClockMode): void
}

/** Transitions: what resources do by themselves as time passes. */
export interface FakeLifecycle {
  /** Names of all transitions, `<lifecycle>.<step>`, as fault rules and `durations` take them. */
  names(): string[]
  /** When the next transition is due, in epoch milliseconds; undefined when none is pending or all are held. */
  nextAt(): number | undefined
  /** Lets held transitions go on, of one resource or of all; answers how many. */
  release(resourceId?: string): number
}

/** Every API request that the cloud saw; the oldest are dropped beyond `journalCapacity`. */
export interface FakeJournal {
  /** Number of requests since the last reset. */
  readonly count: number
  /** Entries after number `since`. */
  since(since?: number): readonly JournalEntry[]
  /** Entries of one operation, such as `servers.create`. */
  of(operation: string, service?: string): readonly JournalEntry[]
  clear(): void
  /** One line for each request. */
  toString(): string
}

/** Fault rules: what goes wrong, when, and how often it did. */
export interface FakeFaults {
  /** Adds a rule and answers its id. Throws `FaultRuleError` for one that can never match. */
  add(rule: FaultRule): string
  list(): InstalledRule[]
  /** Removes a rule, or all; answers how many there were. */
  remove(id?: string): number
  /** Throws `FaultRuleError` when a rule never hit anything. */
  assertAllHit(): void
}

/** An OpenStack in memory. Nothing is shared between two of them. */
export interface FakeOpenStack {
  /** Answers a request in process, as the cloud would over HTTP. Rejects where a fault rule cuts the connection. */
  fetch(input: Request | string | URL, init?: RequestInit): Promise<Response>
  /** As `fetch`, but telling cut connections and answers apart, for transports of your own. */
  exchange(request: Request): Promise<Outcome>
  /** Opens a port on the loopback interface; several may be open. */
  listen(options?: ListenOptions): Promise<Listener & { authUrl: string }>
  /** Closes all ports; the state stays. */
  close(): Promise<void>
  /** Address of the cloud for in-process clients. */
  readonly url: string
  /** Address of Keystone for in-process clients. */
  readonly authUrl: string
  /** What exists at the start, with every default filled in. A changed copy is a seed of your own. */
  readonly seed: Seed
  readonly clock: FakeClock
  readonly lifecycle: FakeLifecycle
  readonly journal: FakeJournal
  readonly faults: FakeFaults
  /** Adds one of OpenStack's well-known faults by name, aimed elsewhere or repeated if asked; answers the rule's id. */
  addPreset(name: FaultPresetName, changes?: Partial<Omit<FaultRule, 'do'>>): string
  /** All resources by kind, with every transition applied that is due. */
  state(): CloudState
  /** Resources that the seed does not have, by kind; kinds without any are left out. */
  leftovers(): Readonly<Record<string, CloudState[string]>>
  /** What the guest of a server sees: disks, config drive, metadata. Throws for a server that has no guest. */
  guest(serverId: string): Guest
  /** A token of a user of the seed for the project of the same name (or another), got through the API. */
  token(userName: string, projectName?: string): Promise<string>
  /** Login of a user of the seed, by default of the user that the cloud description is about. */
  credentials(name?: string): Credentials
  /** Id of a user of the domain `Default`; throws when there is none of this name. */
  userId(name: string): string
  /** Id of a project of the domain `Default`; throws when there is none of this name. */
  projectId(name: string): string
  /** Advances the clock from transition to transition until the predicate holds; throws when nothing more will happen. */
  runUntil(predicate: () => boolean): void
  /** What the real services have and the fake has not, and which requests asked for it. */
  unmodelled(): Unmodelled
  /** Back to the seed: state, virtual clock, ids, journal and faults. */
  reset(): void
  /**
   * Remembers state, clock and ids; the function that it answers goes back to them. Cheaper than a snapshot, for use
   * between tests of one process. Journal and fault rules stay as they are.
   */
  checkpoint(): () => void
  /** The whole state as JSON. */
  snapshot(): Snapshot
  /** Replaces the state; throws when the snapshot is not one of this version, and then changes nothing. */
  restore(snapshot: Snapshot): void
}
