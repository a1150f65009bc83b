import { existsSync, fstatSync } from 'node:fs'
import { commandNames } from './command-names.ts'
import { runRpc } from './commands/rpc.ts'

/** A CPI call has its request on stdin; a person on a terminal who names no file wants help, or has misspelt a command. */
const isAPersonWithoutFile = async (first: string | undefined): Promise<boolean> =>
  fstatSync(0).isCharacterDevice() &&
  (await import('node:tty')).isatty(0) &&
  (first === undefined || !existsSync(first))

const words = process.argv.slice(2)
const [first, second] = words
const isACommand = first !== undefined && (commandNames.has(first) || first.startsWith('-'))
if (isACommand || (await isAPersonWithoutFile(first))) {
  const { createProgram } = await import('./program.ts')
  try {
    if (words.length === 0) createProgram().help()
    await createProgram().parseAsync()
  } catch (error) {
    process.stderr.write(`openstack-cpi: ${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = 2
  }
} else {
  // With the driver comes all that speaks HTTP: loaded only by calls that need it.
  runRpc(async (call) =>
    (await import('./config/create-driver.ts')).createDriver({ configPath: first, caPath: second }, call),
  )
}
