import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const file = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8')

test('the example of the README is the one that is tested', () => {
  const [, example] = /```ts\n([\s\S]*?)```/.exec(file('../README.md')) ?? []
  expect(example).toBe(file('./readme-example.ts'))
})

test('the example of the README prints what it says', () => {
  const example = fileURLToPath(new URL('./readme-example.ts', import.meta.url))
  expect(execFileSync(process.execPath, [example], { encoding: 'utf8' })).toBe('a ACTIVE\nb ERROR\n')
})

test('the command of the README prints what it says', () => {
  const [, command = ''] = /```sh\n([\s\S]*?)```/.exec(file('../README.md')) ?? []
  const shims = fileURLToPath(new URL('../../../node_modules/.bin', import.meta.url))
  const env = { PATH: `${shims}:/usr/bin:/bin` }
  expect(execFileSync('sh', ['-c', command], { env, encoding: 'utf8' })).toBe('bosh in project bosh\n')
})
