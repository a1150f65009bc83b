/** One finished step of the demo. */
export interface ShownStep {
  readonly method: string
  readonly purpose: string
  readonly wallMs: number
  readonly requests: number
  readonly failed: boolean
  /** The result, or the error. */
  readonly shown: string
}

export interface Screen {
  line(text: string): void
  /** A step begins; shown on a terminal only, and replaced by `step`. */
  start(method: string, purpose: string): void
  step(step: ShownStep): void
}

interface Output {
  readonly isTTY?: boolean
  write(text: string): unknown
}

/** Writes plain lines into a pipe; on a terminal also the step under way, and colour unless `NO_COLOR` is set. */
export function createScreen(output: Output, environment: Readonly<Record<string, string | undefined>>): Screen {
  const live = output.isTTY === true
  const colour = live && !environment['NO_COLOR']
  const paint = (code: number, text: string) => (colour ? `\u001b[${code}m${text}\u001b[0m` : text)
  return {
    line: (text) => {
      output.write(`${text}\n`)
    },
    start: (method, purpose) => {
      if (live) output.write(`  ${paint(2, `… ${method}: ${purpose}`)}`)
    },
    step: ({ method, purpose, wallMs, requests, failed, shown }) => {
      if (live) output.write('\r\u001b[2K')
      const mark = failed ? paint(31, 'FAILED') : paint(32, 'ok')
      const time = `${(wallMs / 1000).toFixed(2)} s`.padStart(7)
      const count = `${requests} ${requests === 1 ? 'request' : 'requests'}`.padStart(11)
      output.write(`  ${mark} ${method.padEnd(29)} ${time} ${count}  ${paint(2, `${purpose}:`)} ${shown}\n`)
    },
  }
}
