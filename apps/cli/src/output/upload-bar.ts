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
