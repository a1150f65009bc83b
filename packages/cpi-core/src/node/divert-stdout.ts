/**
 * Makes `process.stdout`, and with it `console.log`, write to stderr: only the answer may reach stdout, whatever
 * libraries print (contract §2). Returns access to the real stream, which is opened only when it is asked for.
 */
export const divertStdout = (): (() => NodeJS.WritableStream) => {
  const original = Object.getOwnPropertyDescriptor(process, 'stdout')
  let isGuarded = false
  const stderr = (): NodeJS.WritableStream => {
    // Output of a library must not end the call when stderr is closed.
    if (!isGuarded) process.stderr.on('error', () => {})
    isGuarded = true
    return process.stderr
  }
  Object.defineProperty(process, 'stdout', { configurable: true, get: stderr })
  return () => original?.get?.call(process) ?? stderr()
}
