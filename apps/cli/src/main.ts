import { fstatSync } from 'node:fs'
import { commandNames } from './command-names.ts'
import { runRpc } from './commands/rpc.ts'

/** A person who typed the bare name waits for help; a CPI call has its request on stdin. */
const isAPersonWithoutWords = async (words: readonly string[]): Promise<boolean> =>
  words.length === 0 && fstatSync(0).isCharacterDevice() && (await import('node:tty')).isatty(0)

const words = process.argv.slice(2)
const [first, second] = words
if (first !== undefined && (commandNames.has(first) || first.startsWith('-'))) {
  const { createProgram } = await import('./program.ts')
  try {
    await createProgram().parseAsync()
  } catch (error) {
    process.stderr.write(`openstack-cpi: ${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = 2
  }
} else if (await isAPersonWithoutWords(words)) {
  ;(await import('./program.ts')).createProgram().help()
} else {
  // With the driver comes all that speaks HTTP: loaded only by calls that need it.
  runRpc(async (call) =>
    (await import('./config/create-driver.ts')).createDriver({ configPath: first, caPath: second }, call),
  )
}
