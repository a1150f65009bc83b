import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { isProcessRunning, processIdentity } from './process-identity.ts'

test.skipIf(process.platform !== 'linux')(
  'contract §6 what a process made is known by its name, while it runs and afterwards',
  async () => {
    const child = spawn(process.execPath, ['--eval', 'process.stdin.resume()'], { stdio: ['pipe', 'ignore', 'ignore'] })
    await once(child, 'spawn')
    const identity = processIdentity(child.pid)
    expect(identity).toMatch(/^[0-9a-z]+-[0-9a-z]+$/)
    expect(isProcessRunning(identity)).toBe(true)
    child.stdin.end()
    await once(child, 'exit')
    expect(isProcessRunning(identity)).toBe(false)
  },
)

test.skipIf(process.platform !== 'linux')('contract §6 a later process with the same number is another one', () => {
  const [pid] = processIdentity().split('-')
  expect(isProcessRunning(processIdentity())).toBe(true)
  expect(isProcessRunning(`${pid}-1`)).toBe(false)
  for (const none of ['', '-', 'zzzzzzzz-1', '../x']) expect(isProcessRunning(none)).toBe(false)
})
