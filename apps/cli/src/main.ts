import { existsSync, fstatSync } from 'node:fs'
import { getCompileCacheDir } from 'node:module'
import { join } from 'node:path'
import { messageOf } from '@openstack-cpi/cpi-core'
import { isCommandLineOfPerson } from './command-names.ts'
import { createScriptLoader } from './script-loader.ts'

/** A CPI call has its request on stdin. On a terminal, a word that names no file is a misspelt command. */
const isOnTerminalWithoutFile = async (first: string | undefined): Promise<boolean> =>
  fstatSync(0).isCharacterDevice() &&
  (await import('node:tty')).isatty(0) &&
  (first === undefined || !existsSync(first))

const words = process.argv.slice(2)
if (isCommandLineOfPerson(words) || (await isOnTerminalWithoutFile(words[0]))) {
  const { createProgram } = await import('./program.ts')
  try {
    if (words.length === 0) createProgram().help()
    await createProgram().parseAsync()
  } catch (error) {
    process.stderr.write(`openstack-cpi: ${messageOf(error)}\n`)
    process.exitCode = 2
  }
} else {
  const loader = createScriptLoader({ folder: join(import.meta.dirname, '../rpc'), cacheFolder: getCompileCacheDir() })
  const { answerCall } = loader.load('answer-calls.cjs') as typeof import('./answer-calls.ts')
  process.on('exit', loader.keep)
  answerCall(loader.setPurpose)
}
