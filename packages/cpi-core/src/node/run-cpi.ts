import type { CpiCall } from '../contract/call.ts'
import type { Cpi, CpiInfo } from '../contract/cpi.ts'
import { createDispatcher } from '../dispatch/dispatcher.ts'
import { encodeFailure } from '../dispatch/failure.ts'
import { CpiError } from '../errors/cpi-error.ts'
import { addConfigSecrets } from '../log/config-secrets.ts'
import { createLogger } from '../log/logger.ts'
import { createSecrets } from '../log/secrets.ts'
import { type AnsweringProcess, createAnsweringProcess } from './answering-process.ts'
import { readCommandLine } from './command-line.ts'
import { divertStdout } from './divert-stdout.ts'
import { readLogLevel } from './log-level.ts'
import { processClock } from './process-clock.ts'
import { readStdin } from './read-stdin.ts'
import { createStderrLines } from './stderr-lines.ts'

/** A CPI as an executable. `Config` is whatever its configuration files hold. */
export interface CpiProgram<Config> {
  /** Name of the executable in help and usage errors, for example `my-cpi`. */
  readonly name: string
  readonly version: string
  /** Answers `info`, without configuration. Keep it in a module of its own, so that `info` loads no driver. */
  readonly info: CpiInfo
  /**
   * Reads the configuration files, for example `([path]) => readConfigFile(path)`. Called only for a call that needs the
   * driver. Everything in it that a key names as secret, and every password in a URL, is kept out of log and answer.
   * May throw: the message becomes a `CloudError`.
   * @param files the words of the command line
   */
  readonly readConfig: (files: readonly string[]) => Promise<Config> | Config
  /**
   * Makes the driver of one call. Import what it needs here, not at the top of the file, where `info` would pay for it.
   * What the call's CPI config sets is in `call.configOverrides`: see `mergeConfig`. Also called, with a signal that
   * nothing aborts, to undo a create whose answer nobody could read.
   */
  readonly createCpi: (call: CpiCall, config: Config) => Promise<Cpi> | Cpi
  /** Files of the command line for the usage text; optional ones in brackets. Default: `['<config.json>']`. */
  readonly files?: readonly string[]
  /**
   * Environment variable for the log level. Default: the name in capitals with `_LOG_LEVEL`, for example
   * `MY_CPI_LOG_LEVEL`.
   */
  readonly logLevelVariable?: string
  /** What a wrapper that started the process has read of stdin already. */
  readonly requestStart?: string
}

/**
 * Runs one CPI call as a director makes it: one request on stdin, one answer on stdout, the log on stderr (contract §2).
 *
 * Whatever happens, one well-formed answer is written, and the process ends with exit code 0 once it is flushed, even
 * if timers or connections are open. What libraries print goes to stderr; on Linux, and where stdout is no socket, also
 * what child processes and native code print. SIGTERM, SIGINT and SIGHUP abort `call.signal`, so that the driver rolls
 * back; a second signal ends the process. An error outside the call does the same as a signal, and a call that can no
 * longer settle is answered with an error. If stdout takes no answer (EPIPE), what the call created is deleted again
 * and the exit code is 1. The steps of `call.afterAnswer` run between the answer and the end; one that fails is logged,
 * and the exit code is 1. `--help` and `--version` are answered; any other option or word too many ends with exit code
 * 2.
 */
export const runCpi = <Config>(program: CpiProgram<Config>): void => {
  const logLevelVariable = program.logLevelVariable ?? defaultVariable(program.name)
  const { name, version, files = ['<config.json>'] } = program
  const commandLine = readCommandLine(process.argv.slice(2), { name, version, files, logLevelVariable })
  if (commandLine.is === 'text') {
    process.exitCode = commandLine.exitCode
    const output = commandLine.exitCode === 0 ? process.stdout : process.stderr
    output.write(commandLine.text)
    return
  }
  answerCall(program, { files: commandLine.files, logLevelVariable })
}

const defaultVariable = (name: string): string => `${name.toUpperCase().replace(/[^A-Z0-9]+/g, '_')}_LOG_LEVEL`

const answerCall = <Config>(
  { info, readConfig, createCpi, requestStart = '' }: CpiProgram<Config>,
  { files, logLevelVariable }: { readonly files: readonly string[]; readonly logLevelVariable: string },
): void => {
  const stdout = divertStdout()
  const stderr = createStderrLines()
  const secrets = createSecrets()
  const level = readLogLevel(process.env[logLevelVariable])
  const output = { sink: stderr.write, clock: processClock, pid: process.pid, secrets }
  const log = createLogger({ ...output, level: level ?? 'info' })
  if (level === undefined) log.warn(`${logLevelVariable} names no log level: 'info' is used`)
  const running: AnsweringProcess = createAnsweringProcess({ stdout, stderr, secrets, log })
  const dispatcher = createDispatcher({
    ...output,
    info,
    createCpi: async (call) => {
      const config = await readConfig(files)
      addConfigSecrets(config, secrets)
      return await createCpi(call, config)
    },
    signal: running.signal,
    logLevel: level ?? 'info',
  })
  readStdin()
    .then(
      (rest) => {
        running.acceptSignals()
        return dispatcher.answer(Buffer.concat([Buffer.from(requestStart), rest]), running.deliver)
      },
      (cause: unknown) => {
        const unreadable = new CpiError('InvalidCall', 'The request cannot be read from stdin', { cause })
        return running.deliver(encodeFailure(unreadable, secrets).document)
      },
    )
    .then(running.end, running.fail)
}
