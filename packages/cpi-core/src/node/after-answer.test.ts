import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { aRequest } from '../../test/dispatch-once.ts'
import { compiledCode, program } from '../../test/programs.ts'
import { answerOf, type RunOptions, runExecutable } from '../testing/run-executable.ts'

const command = program('odd-cpi')

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'after-answer-'))
})
afterEach(() => rmSync(folder, { recursive: true }))
const journal = () => (existsSync(join(folder, 'journal')) ? readFileSync(join(folder, 'journal'), 'utf8') : '')

const createDisk = (behaviour: string, options: RunOptions = {}, more: object = {}) => {
  const config = join(folder, 'config.json')
  writeFileSync(config, JSON.stringify({ behaviour, journal: join(folder, 'journal'), ...more }))
  const env = { ...compiledCode, ...options.env }
  const stdin = JSON.stringify(aRequest('create_disk', [1024, {}]))
  return runExecutable([...command, config], { stdin, ...options, env })
}

/** Records the moment at which the answer is written. */
const recordAnswer = (path: string): string => `
  import { syncBuiltinESMExports } from 'node:module'
  import files from 'node:fs'
  const { writeSync, appendFileSync } = files
  files.writeSync = (fd, bytes, ...rest) => {
    const written = writeSync(fd, bytes, ...rest)
    if (bytes.toString().startsWith('{"result"')) appendFileSync('${path}', 'answered\\n')
    return written
  }
  syncBuiltinESMExports()
`

test('contract §6 a step for after the answer runs when the answer is written, before the process ends', async () => {
  const NODE_OPTIONS = `--import=data:text/javascript,${encodeURIComponent(recordAnswer(join(folder, 'journal')))}`
  const run = await createDisk('completes after the answer', { env: { NODE_OPTIONS } })
  expect(answerOf(run).result).toBe('disk-1')
  expect(journal()).toBe('created disk-1\nanswered\ncompleted disk-1\n')
})

test('contract §6 no step runs when nobody reads the answer: what was created is deleted', async () => {
  const run = await createDisk('completes after the answer', { meanwhile: (child) => child.stdout.destroy() })
  expect(run.exitCode).toBe(1)
  expect(journal()).toBe('created disk-1\ndeleted disk-1, interrupted: false\n')
})

test.each([
  ['that fails', 'cannot complete', 'the cloud refuses to complete'],
  ['that never ends', 'never completes', 'A step after the answer never ended'],
])('contract §2 a step %s is logged and makes the exit code 1: the answer is written already', async (_, how, why) => {
  const run = await createDisk(how)
  expect(run.exitCode).toBe(1)
  expect(run.stderr).toContain(why)
  expect(JSON.parse(run.stdout).result).toBe('disk-1')
  expect(journal()).toBe('created disk-1\n')
})

test('contract §2 SIGTERM does not stop the steps', async () => {
  const run = await createDisk('completes slowly', {
    meanwhile: (child) => child.stderr.on('data', (text) => /completing/.test(String(text)) && child.kill('SIGTERM')),
  })
  expect(answerOf(run).result).toBe('disk-1')
  expect(journal()).toBe('created disk-1\ncompleted disk-1\n')
})

test('contract §2 a second SIGTERM ends a step that hangs, with exit code 1', async () => {
  const stop: RunOptions['meanwhile'] = (child) =>
    child.stderr.on('data', (text) => /completing|rolled back/.test(String(text)) && child.kill('SIGTERM'))
  const run = await createDisk('completes slowly', { meanwhile: stop }, { hangs: true })
  expect(run.exitCode).toBe(1)
  expect(JSON.parse(run.stdout).result).toBe('disk-1')
  expect(journal()).toBe('created disk-1\n')
})
