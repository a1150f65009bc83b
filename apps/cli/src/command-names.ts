/**
 * Words that are commands for people. Anything else on the command line is the path of a configuration file: a CPI call,
 * which must start at once, without loading the commands to ask them for their names.
 */
export const commandNames: ReadonlySet<string> = new Set([
  'call',
  'completion',
  'config',
  'doctor',
  'help',
  'leftovers',
])
