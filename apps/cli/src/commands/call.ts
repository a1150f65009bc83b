import {
  addConfigSecrets,
  createDispatcher,
  createSecrets,
  isJsonArray,
  type Json,
  type JsonObject,
  parseJsonText,
  type WireError,
} from '@openstack-cpi/cpi-core'
import { createStderrLines, processClock } from '@openstack-cpi/cpi-core/node'
import { openStackCpiInfo } from '@openstack-cpi/openstack-driver/info'
import { contextOption, readCpiConfig } from '../config/cpi-config.ts'
import { createDriver } from '../config/create-driver.ts'
import { userAgent } from '../executable.ts'
import { createUploadBar, traceLines } from '../terminal.ts'

/** Options of `call`, as commander parses them. */
export interface CallOptions {
  readonly config: string
  readonly ca?: string
  readonly context?: string
  readonly apiVersion: string
  readonly json?: true
  readonly trace?: true
}

/** Marks everything created by hand, to distinguish it from what a director created. */
const directorUuid = 'openstack-cpi-call'

/** One CPI call by hand. Prints the result to stdout, an error to stderr; returns the exit code. */
export const runCall = async (method: string, words: readonly string[], options: CallOptions): Promise<number> => {
  const stop = new AbortController()
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => stop.abort(new Error(`The call was interrupted by ${signal}`)))
  }
  const lines = createStderrLines()
  // Where requests are shown line by line, a bar that rewrites its line would tear them apart.
  const bar = createUploadBar(options.trace === true ? undefined : process.stderr)
  const dispatcher = createDispatcher({
    info: openStackCpiInfo,
    createCpi: (call) => {
      const config = readCpiConfig({ configPath: options.config, caPath: options.ca })
      addConfigSecrets(config, call.secrets)
      return createDriver(config, call, { clock: processClock, userAgent, onUpload: bar.onUpload })
    },
    sink: options.trace === true ? traceLines(lines.write) : warningsTo(lines.write),
    clock: processClock,
    pid: process.pid,
    signal: stop.signal,
    secrets: createSecrets(),
    logLevel: options.trace === true ? 'debug' : 'warn',
  })
  const context = { ...contextOption(options.context), director_uuid: directorUuid, request_id: `call-${process.pid}` }
  const request =
    `{"method":${JSON.stringify(method)},"arguments":[${words.map(argumentText).join(',')}],` +
    `"context":${JSON.stringify(context)},"api_version":${JSON.stringify(Number(options.apiVersion))}}`
  const document = await dispatcher.dispatch(new TextEncoder().encode(request))
  bar.clear()
  const answer: { result: Json; error: WireError | null } = JSON.parse(document)
  if (options.json === true) process.stdout.write(`${document}\n`)
  else if (answer.error === null) process.stdout.write(`${resultText(answer.result)}\n`)
  else process.stderr.write(`${answer.error.type}: ${answer.error.message}\n`)
  return answer.error === null ? 0 : 1
}

/** The failure itself is printed at the end, in one line; stack traces only with `--trace`. */
const warningsTo =
  (write: (line: string) => void) =>
  (line: string): void => {
    if (line.startsWith('W,')) write(line)
  }

/**
 * The word itself if it is JSON, else a string of it: CIDs need no quotes. JSON is handed on as it was typed, since only
 * its text tells the order of networks whose names are integers.
 */
const argumentText = (word: string): string => {
  try {
    parseJsonText(word)
    return word
  } catch (error) {
    if (error instanceof SyntaxError) return JSON.stringify(word)
    throw error
  }
}

/** A CPI result for people: scalars on a line, objects as a table of keys and values, lists line by line. */
export const resultText = (result: Json): string => {
  if (result === null) return 'done'
  if (isJsonArray(result)) return result.length === 0 ? 'none' : result.map(resultText).join('\n')
  if (typeof result === 'object') return table(result)
  return String(result)
}

const table = (object: JsonObject): string => {
  const keys = Object.keys(object)
  const width = Math.max(...keys.map((key) => key.length))
  return keys.map((key) => `${key.padEnd(width)}  ${cell(object[key] ?? null)}`).join('\n')
}

const cell = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value))
