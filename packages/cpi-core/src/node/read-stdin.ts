import { readSync } from 'node:fs'

const chunkSize = 64 * 1024

/**
 * All of stdin. Read with plain system calls, which saves the streams' start-up time; where stdin does not wait
 * (a non-blocking pipe) the rest comes through a stream. A closed stdin is an empty one.
 */
export const readStdin = async (): Promise<Uint8Array> => {
  const chunks: Uint8Array[] = []
  for (;;) {
    const chunk = Buffer.allocUnsafe(chunkSize)
    let size: number
    try {
      size = readSync(0, chunk, 0, chunkSize, null)
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined
      if (code === 'EAGAIN') return Buffer.concat([...chunks, ...(await streamedRest())])
      if (code === 'EOF' || code === 'EBADF') break
      throw error
    }
    if (size === 0) break
    chunks.push(chunk.subarray(0, size))
  }
  return Buffer.concat(chunks)
}

const streamedRest = async (): Promise<Uint8Array[]> => {
  const chunks: Uint8Array[] = []
  for await (const chunk of process.stdin) chunks.push(chunk)
  return chunks
}
