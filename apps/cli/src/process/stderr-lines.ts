import { writeSync } from 'node:fs'

export interface StderrLines {
  /** Writes at once, so that no line is lost when the process ends. A closed stderr costs the log, never the call. */
  readonly write: (line: string) => void
  /** Fulfilled when the lines are out that a full pipe did not take at once. */
  readonly flush: () => Promise<void>
}

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
          isStreaming = true // the pipe is full and does not wait: the rest goes in order through its stream
        }
      }
      if (written < bytes.length) process.stderr.write(bytes.subarray(written))
    },
    async flush() {
      if (isStreaming) await new Promise<void>((resolve) => process.stderr.write('', () => resolve()))
    },
  }
}
