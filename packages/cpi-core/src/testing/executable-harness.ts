import type { Json, JsonObject } from '../model/json.ts'

/** A request, without what the suite adds to it. */
export interface SuiteRequest {
  readonly method: string
  readonly arguments: readonly Json[]
  /** Path of another configuration file for this call. Default: that of the harness. */
  readonly config?: string
}

/** An executable under test, and what the suite must know of it. Made anew for each test. */
export interface CpiExecutableHarness {
  /** The executable and words before the configuration files, for example `['/usr/bin/node', 'dist/main.js']`. */
  readonly command: readonly string[]
  /** Path of a configuration file with which calls succeed. */
  readonly config: string
  /** Files after it on the command line, for example a CA bundle. */
  readonly moreFiles?: readonly string[]
  /** Environment of the executable; a director clears everything else. Set the most talkative log level here. */
  readonly env?: Readonly<Record<string, string>>
  /** A CID that names nothing. */
  readonly missingCid: string
  /** Texts that must appear in no output, besides what the keys of the configuration file name as secret. */
  readonly secrets?: readonly string[]
  /** A context that makes calls fail, such as a wrong address: proof that a CPI config reaches the driver. */
  readonly brokenContext?: JsonObject
  /** Arguments of `create_disk` that work; with `leftovers` they switch on the test of an answer that nobody reads. */
  readonly disk?: { readonly sizeMiB: number; readonly cloudProperties: JsonObject }
  /**
   * Arguments of `create_stemcell` and `create_vm` that work; with `leftovers` they switch on the same test for a VM, whose
   * processes `leftovers` should name too.
   */
  readonly vm?: {
    readonly stemcell: { readonly imagePath: string; readonly cloudProperties: JsonObject }
    readonly cloudProperties: JsonObject
    readonly networks: JsonObject
  }
  /**
   * A call that takes long enough to be interrupted: `begun` resolves once it has created something or waits. The suite
   * sends SIGTERM then.
   */
  readonly slowCall?: SuiteRequest & { begun(): Promise<void> }
  /** A call that goes on after SIGTERM, for example because its rollback hangs; `begun` as above. */
  readonly hangingCall?: SuiteRequest & { begun(): Promise<void> }
  /** A call that never settles and leaves nothing open, for example because a promise is forgotten. */
  readonly neverSettling?: SuiteRequest
  /** A call that takes longer, in milliseconds, is killed and counts as hung. Default: 30 000. */
  readonly callLimitMs?: number
  /** Names everything that exists beyond what the harness began with. */
  leftovers?(): Promise<readonly string[]> | readonly string[]
  close?(): Promise<void> | void
}

/** How the suite is run. */
export interface ExecutableOptions {
  /** For each test, in milliseconds. Default: 60 000. */
  readonly timeoutMs?: number
}
