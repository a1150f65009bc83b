/** One behaviour that a specification states, in few words, and the tests that fail when it is broken. */
export interface SpecRule {
  readonly rule: string
  /** Each `path from the root › name of the test`, with the name as it stands in the source of the test. */
  readonly tests: readonly [string, ...string[]]
}

/** The rules of each section, by its number. */
export type SpecRules = Readonly<Record<string, readonly SpecRule[]>>
