import { existsSync, fstatSync } from 'node:fs'
import { processClock, runCpi } from '@openstack-cpi/cpi-core/node'
import { openStackCpiInfo } from '@openstack-cpi/openstack-driver/info'
import { isCommandLineOfPerson } from './command-names.ts'
import { readCpiConfig } from './config/cpi-config.ts'
import { logLevelVariable, userAgent, version } from './executable.ts'
import { messageOf } from './unknown-value.ts'

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
  runCpi({
    name: 'openstack-cpi',
    version,
    info: openStackCpiInfo,
    files: ['<config.json>', '[<ca.pem>]'],
    logLevelVariable,
    readConfig: ([configPath, caPath]) => readCpiConfig({ configPath, caPath }),
    // The driver brings everything that speaks HTTP: loaded only by calls that need it.
    createCpi: async (call, config) =>
      (await import('./config/create-driver.ts')).createDriver(config, call, { clock: processClock, userAgent }),
  })
}
