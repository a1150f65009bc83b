import { expect, test } from 'vitest'
import { createScreen } from './screen.ts'

const step = { method: 'has_vm', purpose: 'is it there?', wallMs: 1234, requests: 1, failed: false, shown: 'true' }

function written(isTTY: boolean, environment: Record<string, string> = {}): string {
  let text = ''
  const screen = createScreen({ isTTY, write: (chunk) => (text += chunk) }, environment)
  screen.start('has_vm', 'is it there?')
  screen.step(step)
  return text
}

test('a pipe gets one plain line per step', () => {
  expect(written(false)).toBe('  ok has_vm                         1.23 s   1 request  is it there?: true\n')
})

test('a terminal shows the step under way and then replaces it', () => {
  expect(written(true)).toContain('… has_vm: is it there?')
  expect(written(true)).toContain('\r\u001b[2K')
})

test('NO_COLOR takes the colour away, not the progress', () => {
  expect(written(true)).toContain('\u001b[32m')
  expect(written(true, { NO_COLOR: '1' })).not.toContain('\u001b[32m')
  expect(written(true, { NO_COLOR: '1' })).toContain('… has_vm')
})
