import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const file = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8')

test('the example of the README is the one that is tested', () => {
  const [, example] = /```ts\n([\s\S]*?)```/.exec(file('../README.md')) ?? []
  expect(example).toBe(file('./readme-example.ts'))
})

test('the example of the README answers what it says', () => {
  const example = new URL('./readme-example.ts', import.meta.url).pathname
  const stdout = execFileSync(process.execPath, ['--conditions=workspace-source', example], { encoding: 'utf8' })
  expect(JSON.parse(stdout)).toEqual({ result: 'disk-1', error: null, log: '' })
})
