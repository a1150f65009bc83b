/**
 * From now on `process.stdout` and with it `console.log` are stderr: nothing but the answer may reach stdout, whatever
 * libraries print (contract §2). Returns the way to the real stream, which is opened only when asked for.
 */
export const divertStdout = (): (() => NodeJS.WritableStream) => {
  const original = Object.getOwnPropertyDescriptor(process, 'stdout')
  let isGuarded = false
  const stderr = (): NodeJS.WritableStream => {
    // Noise that nobody reads is no reason to end the call.
    if (!isGuarded) process.stderr.on('error', () => {})
    isGuarded = true
    return process.stderr
  }
  Object.defineProperty(process, 'stdout', { configurable: true, get: stderr })
  return () => original?.get?.call(process) ?? stderr()
}
