import type { JsonObject } from '../model/json.ts'
import { CpiAnswerError, type CpiClient, reservedContext } from './cpi-client.ts'
import { answerOf, runExecutable } from './run-executable.ts'

/** An executable to call, and what each call gets. */
export interface ExecutableClientOptions {
  /** The executable and all words after it: `['/usr/bin/node', 'dist/main.js', 'config.json']`. */
  readonly command: readonly string[]
  /** Environment of the executable besides PATH. */
  readonly env?: Readonly<Record<string, string>>
  /** Keys beside the reserved ones: the configuration that a CPI config brings (contract §3.1). */
  readonly context?: JsonObject
  /** Sends SIGTERM to calls that run. Default: never. */
  readonly signal?: AbortSignal
}

/**
 * Creates a client that starts the executable once per call, as a director does. Its calls throw `CpiAnswerError` for an
 * answer with an error in it, and `Error` when the exit code is not 0 or stdout is not one document with the three keys.
 */
export const createExecutableClient = ({
  command,
  env = {},
  context: properties = {},
  signal,
}: ExecutableClientOptions): CpiClient => ({
  async call(method, values, apiVersion = 2) {
    const context = { ...properties, ...reservedContext }
    const stdin = JSON.stringify({ method, arguments: values, context, api_version: apiVersion })
    signal?.throwIfAborted()
    const run = await runExecutable(command, {
      stdin,
      env,
      meanwhile: (child) => signal?.addEventListener('abort', () => child.kill('SIGTERM'), { once: true }),
    })
    // A process that has not read its request yet ends without an answer, and has done nothing.
    if (signal?.aborted === true && run.exitCode === null) throw interrupted(method)
    const answer = answerOf(run)
    if (answer.error !== null) throw new CpiAnswerError(method, answer.error)
    return answer.result
  },
})

const interrupted = (method: string): CpiAnswerError =>
  new CpiAnswerError(method, {
    type: 'Bosh::Clouds::CloudError',
    message: 'interrupted before the request was read',
    ok_to_retry: false,
  })
