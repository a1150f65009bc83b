import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { constants, tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { createFakeWithParts } from '../fake-openstack.ts'
import { CliError } from './cli-error.ts'
import { stateFolder, writeCloudFiles } from './cloud-files.ts'
import { type CloudFlags, cloudOptions } from './cloud-options.ts'
import { openStackVariables } from './environment.ts'
import { newSshKeypair } from './ssh-keypair.ts'

/** Exit codes of a shell for a command that is not there, and for one that may not be run. */
const notFound = { code: 127, why: 'command not found' }
const notAllowed = { code: 126, why: 'permission denied' }
/** A shell's exit code for a command that a signal ended is this plus the signal's number. */
const signalBase = 128

/** What `exec` needs of the process. */
export interface ExecProcess {
  env: NodeJS.ProcessEnv
  /** Tells the user one line. */
  complain(text: string): void
  /** Calls `pass` with each signal that asks the process to stop. */
  onSignal(pass: (signal: NodeJS.Signals) => void): void
}

/**
 * `fake-openstack exec -- <command…>`: starts a cloud, runs the command with `OS_*`, `OPENSTACK_FIXTURES` and
 * `FAKE_OPENSTACK_URL` set, stops. `OS_CLOUD` is not set, since clients disagree about which wins, it or the other
 * variables. Answers the exit code of the command.
 */
export const exec = async (command: readonly string[], flags: CloudFlags, parent: ExecProcess): Promise<number> => {
  const [program, ...args] = command
  if (program === undefined) throw new CliError('exec wants a command: fake-openstack exec -- <command…>')
  const folder = await mkdtemp(join(tmpdir(), 'fake-openstack-'))
  try {
    const keypair = await newSshKeypair('bosh')
    const cloud = createFakeWithParts(await cloudOptions(flags, keypair.publicKey))
    const { url } = await cloud.listen()
    try {
      const files = stateFolder(folder)
      const description = await writeCloudFiles(cloud, { url }, files, keypair)
      const env = {
        ...withoutOpenStack(parent.env),
        ...openStackVariables(description),
        ...(files.cloudsYaml === null ? {} : { OS_CLIENT_CONFIG_FILE: files.cloudsYaml }),
        OPENSTACK_FIXTURES: files.description,
        FAKE_OPENSTACK_URL: url,
      }
      return await run(program, args, env, parent)
    } finally {
      await cloud.close()
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** A leftover `OS_CLOUD` or token of the caller's shell would lead clients elsewhere. */
const withoutOpenStack = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('OS_')))

/** What a shell would say. Undefined for other failures than that a command is not there or may not be run. */
const startFailure = (program: string, error: Error, { PATH = '' }: NodeJS.ProcessEnv) => {
  const code = 'code' in error ? error.code : undefined
  if (code === 'ENOENT') return notFound
  if (code !== 'EACCES') return undefined
  // The system also says so when it did not find a name, and one of the folders may not be entered.
  const isThere = program.includes('/') || PATH.split(delimiter).some((folder) => existsSync(join(folder, program)))
  return isThere ? notAllowed : notFound
}

const run = (program: string, args: readonly string[], env: NodeJS.ProcessEnv, parent: ExecProcess): Promise<number> =>
  new Promise((resolve, reject) => {
    const child = spawn(program, args, { env, stdio: 'inherit' })
    parent.onSignal((signal) => child.kill(signal))
    child.once('error', (error) => {
      const known = startFailure(program, error, env)
      if (!known) {
        reject(new Error(`${program} cannot be started`, { cause: error }))
        return
      }
      parent.complain(`${program}: ${known.why}`)
      resolve(known.code)
    })
    child.once('exit', (code, signal) => resolve(code ?? signalBase + (signal ? constants.signals[signal] : 0)))
  })
