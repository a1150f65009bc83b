import { writeSync } from 'node:fs'
import type { AnswerOutput } from './divert-stdout.ts'

/**
 * Writes all of `text`; when the promise is fulfilled nothing is left in the process. Plain system calls first, which
 * saves the streams' start-up time; a pipe that is full and does not wait gets the rest through its stream.
 * Rejects when nobody reads (EPIPE) or the descriptor is closed.
 */
export const writeFully = async (output: AnswerOutput, text: string): Promise<void> => {
  const rest = writeWhatFits(output.fd, Buffer.from(text))
  if (rest.length === 0) return
  await new Promise<void>((resolve, reject) => {
    const stream = output.stream()
    stream.once('error', reject)
    stream.write(rest, (error) => (error ? reject(error) : resolve()))
  })
}

const writeWhatFits = (fd: number, bytes: Buffer): Buffer => {
  let rest = bytes
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(fd, rest))
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'EAGAIN') return rest
      throw error
    }
  }
  return rest
}
