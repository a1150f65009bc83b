import type { Clock } from './clock.ts'
import { plainText } from './plain-text.ts'
import type { Secrets } from './secrets.ts'

/** What to write, or what makes it: called only if somebody will see it. */
export type DebugMessage = string | (() => string)

/** Writes one line per event (contract §12). What it is given may hold secrets: the implementation redacts. */
export interface Logger {
  debug(message: DebugMessage): void
  info(message: string): void
  warn(message: string): void
  error(message: string): void
}

/** From the most talkative on. */
export const logLevels = ['debug', 'info', 'warn', 'error'] as const
/** Which events are written: those of this level and of the later ones. */
export type LogLevel = (typeof logLevels)[number]

/** Receives one finished line, without line end. */
export type LogSink = (line: string) => void

/** What a logger is made of. */
export interface LoggerOptions {
  readonly sink: LogSink
  readonly clock: Clock
  readonly pid: number
  /** Events below this level are dropped. */
  readonly level: LogLevel
  readonly secrets: Secrets
  /** The director's name for the call, shown in each line. */
  readonly requestId?: string
}

/**
 * The format other tools look for:
 * `I, [2026-08-25T14:42:44.386120 #13220]  INFO -- [req_id cpi-258561]: Starting create_vm...` (UTC).
 * An event of several lines becomes as many complete lines.
 */
export const createLogger = (options: LoggerOptions): Logger => {
  const { sink, clock, pid, secrets, requestId } = options
  // The wall clock counts whole milliseconds only: it is read once, and the monotonic clock adds the microseconds.
  const startMs = clock.now().getTime()
  const monotonicStartMs = clock.monotonicMs()
  const tag = requestId === undefined ? ': ' : `[req_id ${oneLine(secrets.redact(requestId))}]: `
  const threshold = logLevels.indexOf(options.level)

  const isSeen = (level: LogLevel): boolean => logLevels.indexOf(level) >= threshold
  const write = (level: LogLevel, message: string): void => {
    if (!isSeen(level)) return
    const time = isoMicroseconds(startMs + (clock.monotonicMs() - monotonicStartMs))
    const name = level.toUpperCase()
    const prefix = `${name.charAt(0)}, [${time} #${pid}] ${name.padStart(5)} -- ${tag}`
    for (const line of plainText(secrets.redact(message)).split(/\r?\n|\r/)) sink(prefix + line)
  }
  return {
    debug: (message) => {
      if (isSeen('debug')) write('debug', typeof message === 'string' ? message : message())
    },
    info: (message) => write('info', message),
    warn: (message) => write('warn', message),
    error: (message) => write('error', message),
  }
}

/** `2026-08-25T14:42:44.386120` from milliseconds since 1970 with a fraction. */
const isoMicroseconds = (timeMs: number): string => {
  const wholeMs = Math.floor(timeMs)
  const microseconds = Math.floor((timeMs - wholeMs) * 1000)
  return new Date(wholeMs).toISOString().slice(0, -1) + String(microseconds).padStart(3, '0')
}

const oneLine = (text: string): string => plainText(text).replace(/\s+/g, ' ')
