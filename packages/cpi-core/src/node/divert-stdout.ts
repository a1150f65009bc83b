import { closeSync, constants, openSync } from 'node:fs'

/** Where the answer goes. */
export interface AnswerOutput {
  readonly fd: number
  /** The stream of the descriptor, opened only if a non-blocking pipe is full. */
  readonly stream: () => NodeJS.WritableStream
}

/**
 * Keeps stdout for the answer, whatever else prints (contract §2): `process.stdout`, and with it `console.log`, writes to
 * stderr, and on Linux so does file descriptor 1, which child processes and native libraries inherit.
 */
export const divertStdout = (): AnswerOutput => {
  const original = Object.getOwnPropertyDescriptor(process, 'stdout')
  let isGuarded = false
  const stderr = (): NodeJS.WritableStream => {
    // Output of a library must not end the call when stderr is closed.
    if (!isGuarded) process.stderr.on('error', () => {})
    isGuarded = true
    return process.stderr
  }
  Object.defineProperty(process, 'stdout', { configurable: true, get: stderr })
  return { fd: moveStdout() ?? 1, stream: () => original?.get?.call(process) ?? stderr() }
}

const writing = constants.O_WRONLY | constants.O_APPEND // a file that is shared is neither cut nor overwritten

/**
 * Opens stdout once more and lets descriptor 1 be stderr; returns the new descriptor. It has a file description of its
 * own, which waits even if the caller's pipe does not. Undefined, and nothing changed, where this cannot be done: for
 * sockets, and on systems without `/proc`.
 */
const moveStdout = (): number | undefined => {
  const moved = openIfPossible('/proc/self/fd/1')
  if (moved === undefined) return undefined
  closeSync(1)
  // Gets the lowest free number. Where stderr is a socket, what child processes print is lost.
  if (openIfPossible('/proc/self/fd/2') === undefined) openSync('/dev/null', writing)
  return moved
}

const openIfPossible = (path: string): number | undefined => {
  try {
    return openSync(path, writing)
  } catch {
    return undefined // why does not matter: there is another way
  }
}
