/** Colours are used on terminals unless NO_COLOR or TERM=dumb is set (https://no-color.org). */
export const wantsColour = (
  stream: { readonly isTTY?: boolean },
  environment: Readonly<Record<string, string | undefined>>,
): boolean => stream.isTTY === true && (environment['NO_COLOR'] ?? '') === '' && environment['TERM'] !== 'dumb'

/** Names and messages come from the cloud: on one line, and without characters that steer the terminal. */
export const oneLine = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ').trim()

/** A line of the log: `D, [2026-11-23T02:14:07.299634 #29633] DEBUG -- [req_id cpi-1]: text`. */
const logLine = /^([DI]), \[[^\]]*\] +\w+ -- (?:\[[^\]]*\])?: (.*)$/

/** What the driver logs of an exchange: `compute: GET http://… -> 200 in 12 ms (req-…) sent {…} got {…}`. */
const exchange = /^(\S+): ([A-Z]+) (\S+) -> (?:(\d{3}) in (\d+) ms|(.*)) \((req-[^)]*)\)/

/**
 * Makes the log of a call readable for the person who made it: each API request is a line of milliseconds, status, method,
 * URL, service and request id, without bodies; other lines have no time and process. Warnings and errors pass
 * as they are.
 */
export const traceLines =
  (write: (line: string) => void) =>
  (line: string): void => {
    const [, , text] = logLine.exec(line) ?? []
    const [, service, method, url, status, ms, failure, requestId] = exchange.exec(text ?? '') ?? []
    if (text === undefined) write(line)
    else if (method === undefined || url === undefined) write(`           ${text}`)
    else if (status === undefined)
      write(`   failed       ${method.padEnd(6)} ${url}  ${service} ${requestId}: ${failure}`)
    else write(`${(ms ?? '').padStart(6)} ms  ${status}  ${method.padEnd(6)} ${url}  ${service} ${requestId}`)
  }

/** Enough for the eye, and nothing for the upload. */
const leastPauseMs = 100

interface Terminal {
  readonly isTTY?: boolean
  readonly columns?: number
  write(text: string): unknown
}

export interface UploadBar {
  readonly onUpload: (sentBytes: number, sizeBytes: number) => void
  /** Takes the bar off the terminal. */
  readonly clear: () => void
}

/** One line on a terminal, rewritten as an upload goes on; nothing elsewhere. */
export function createUploadBar(
  terminal: Terminal | undefined,
  nowMs: () => number = () => performance.now(),
): UploadBar {
  if (terminal?.isTTY !== true) return { onUpload: () => undefined, clear: () => undefined }
  let startedMs: number | undefined
  let shownMs = Number.NEGATIVE_INFINITY
  return {
    onUpload: (sentBytes, sizeBytes) => {
      const now = nowMs()
      startedMs ??= now
      if (now - shownMs < leastPauseMs && sentBytes < sizeBytes) return
      shownMs = now
      terminal.write(
        `\r\u001b[2K${barText({ sentBytes, sizeBytes, tookMs: now - startedMs, columns: terminal.columns ?? 80 })}`,
      )
    },
    clear: () => {
      if (startedMs !== undefined) terminal.write('\r\u001b[2K')
      startedMs = undefined
    },
  }
}

const mib = (bytes: number): string => (bytes / 1024 / 1024).toFixed(0)

/** The bar as text, never wider than the terminal. */
export function barText(at: {
  readonly sentBytes: number
  readonly sizeBytes: number
  readonly tookMs: number
  readonly columns: number
}): string {
  const share = at.sizeBytes === 0 ? 1 : Math.min(1, at.sentBytes / at.sizeBytes)
  const rate = at.tookMs < 1 ? '' : `, ${mib((at.sentBytes / at.tookMs) * 1000)} MiB/s`
  const text = `uploading ${String(Math.floor(share * 100)).padStart(3)} %, ${mib(at.sentBytes)} of ${mib(at.sizeBytes)} MiB${rate}`
  const room = Math.min(30, at.columns - text.length - 4)
  if (room < 5) return text.slice(0, at.columns - 1)
  const filled = Math.floor(share * room)
  return `[${'#'.repeat(filled)}${'.'.repeat(room - filled)}] ${text}`
}
