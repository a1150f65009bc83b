/**
 * Words that are commands for people. Known here as well as in `program.ts`, because a CPI call must not load the commands
 * to ask them for their names.
 */
export const commandNames: ReadonlySet<string> = new Set([
  'call',
  'completion',
  'config',
  'doctor',
  'help',
  'leftovers',
])

/**
 * True for words that cannot be a CPI call, which has the paths of a configuration file and of a CA bundle only: a
 * command, an option anywhere, or more than two words.
 */
export const isCommandLineOfPerson = (words: readonly string[]): boolean => {
  const [first] = words
  const isCommand = first !== undefined && commandNames.has(first)
  return isCommand || words.length > 2 || words.some((word) => word.startsWith('-'))
}
