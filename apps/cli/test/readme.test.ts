import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

test('the example of the README is answered as the README says', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
  const example = /```sh\n([\s\S]*?)```/.exec(readme)?.[1] ?? ''
  const answer = /The answer is `(.*)`/.exec(readme)?.[1]
  const shims = fileURLToPath(new URL('../../../node_modules/.bin', import.meta.url))
  const env = { PATH: `${shims}:/usr/bin:/bin` }
  expect(execFileSync('sh', ['-c', example], { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })).toBe(
    answer,
  )
})
