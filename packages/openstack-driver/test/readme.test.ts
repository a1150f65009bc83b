import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const file = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8')

test('the example of the README is the one that is tested', () => {
  const [, example] = /```ts\n([\s\S]*?)```/.exec(file('../README.md')) ?? []
  expect(example).toBe(file('./readme-example.ts'))
})

test('the example of the README works', () => {
  const example = fileURLToPath(new URL('./readme-example.ts', import.meta.url))
  const words = ['exec', '--', process.execPath, '--conditions=workspace-source', example]
  const fake = fileURLToPath(new URL('../node_modules/.bin/fake-openstack', import.meta.url))
  expect(execFileSync(fake, words, { encoding: 'utf8' })).toBe('true\n')
})
