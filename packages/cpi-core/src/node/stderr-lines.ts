import { writeSync } from 'node:fs'

/** Writes log lines to stderr. */
export interface StderrLines {
  /** Writes immediately, so that no line is lost when the process ends. A closed stderr costs the log, never the call. */
  readonly write: (line: string) => void
  /** Resolves when the lines that a full pipe did not take immediately are written. */
  readonly flush: () => Promise<void>
}

/** Writes with plain system calls, and through the stream only while a non-blocking pipe is full. */
export const createStderrLines = (): StderrLines => {
  let isStreaming = false
  return {
    write(line) {
      const bytes = Buffer.from(`${line}\n`)
      let written = 0
      while (!isStreaming && written < bytes.length) {
        try {
          written += writeSync(2, bytes, written)
        } catch (error) {
          const isFull = error instanceof Error && 'code' in error && error.code === 'EAGAIN'
          if (!isFull) return
          isStreaming = true // the rest goes through the stream, in order
        }
      }
      if (written < bytes.length) process.stderr.write(bytes.subarray(written))
    },
    async flush() {
      if (isStreaming) await new Promise<void>((resolve) => process.stderr.write('', () => resolve()))
    },
  }
}
