/** What the words of the command line ask for. */
export type CommandLine =
  | { readonly is: 'call'; readonly files: readonly string[] }
  /** Print `text` and end; `exitCode` 0 goes to stdout, another one to stderr. */
  | { readonly is: 'text'; readonly text: string; readonly exitCode: 0 | 2 }

/** What a CPI executable says of itself. */
export interface CommandLineRules {
  /** Name of the executable, for example `my-cpi`. */
  readonly name: string
  readonly version: string
  /** The files a call takes, in order; an optional one in brackets, for example `['<config.json>', '[<ca.pem>]']`. */
  readonly files: readonly string[]
  /** Environment variable that sets the log level. */
  readonly logLevelVariable: string
}

/**
 * Reads the words after the executable's name. A CPI call has files only: an option or a word too many is a mistake of a
 * person (exit code 2), not a call that would wait for a request.
 */
export const readCommandLine = (words: readonly string[], rules: CommandLineRules): CommandLine => {
  const [first] = words
  if (first === '--help' || first === '-h') return { is: 'text', text: helpText(rules), exitCode: 0 }
  if (first === '--version' || first === '-V') return { is: 'text', text: `${rules.version}\n`, exitCode: 0 }
  const option = words.find((word) => word.startsWith('-'))
  if (option !== undefined) return mistake(rules, `unknown option '${option}'`)
  const extra = words[rules.files.length]
  if (extra !== undefined) return mistake(rules, `unexpected argument '${extra}'`)
  return { is: 'call', files: words }
}

const mistake = (rules: CommandLineRules, problem: string): CommandLine => ({
  is: 'text',
  text: `${rules.name}: ${problem}\n${usage(rules)}`,
  exitCode: 2,
})

const usage = ({ name, files }: CommandLineRules): string => `Usage: ${[name, ...files].join(' ')}\n`

const helpText = (rules: CommandLineRules): string => `${usage(rules)}
Answers one call of BOSH: reads a JSON request from stdin, writes a JSON answer to stdout and its log to stderr.
The exit code is 0, also when the answer is an error; 1 if the answer could not be written; 2 for a wrong command line.

Environment:
  ${rules.logLevelVariable}  log level: debug, info (default), warn or error

Options:
  -h, --help     show this text
  -V, --version  show the version
`
