import { SeedError } from '../seed/schema.ts'
import { CliError } from './cli-error.ts'
import { createProgram } from './program.ts'

const stopSignals = ['SIGINT', 'SIGTERM'] as const

const stopped = (): Promise<void> =>
  new Promise((resolve) => {
    for (const signal of stopSignals) process.once(signal, () => resolve())
  })

const complain = (text: string): void => {
  process.stderr.write(`fake-openstack: ${text}\n`)
}

const program = createProgram({
  terminal: {
    isTty: process.stdout.isTTY === true,
    write: (text) => process.stdout.write(text),
    get stopped() {
      return stopped()
    },
  },
  exec: {
    env: process.env,
    complain,
    onSignal: (pass) => {
      for (const signal of stopSignals) process.on(signal, () => pass(signal))
    },
  },
  exit: (code) => {
    process.exitCode = code
  },
})

try {
  await program.parseAsync(process.argv)
} catch (error) {
  // Bad flags come as our own errors; a RangeError is a duration that cannot be read.
  const isKnown = error instanceof CliError || error instanceof SeedError || error instanceof RangeError
  complain(isKnown ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error))
  process.exitCode = 1
}
