import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const folder = fileURLToPath(new URL('../src', import.meta.url))

test('every exported declaration has a doc comment', () => {
  const files = globSync('**/*.ts', { cwd: folder }).filter((name) => !name.endsWith('.test.ts'))
  const without = files.flatMap((name) => {
    const lines = readFileSync(`${folder}/${name}`, 'utf8').split('\n')
    return lines
      .filter(
        (line, index) =>
          /^export (?:async )?(?:const|function|class|interface|type) \w/.test(line) && !isDocumented(lines[index - 1]),
      )
      .map((line) => `${name}: ${line}`)
  })
  expect(files.length).toBeGreaterThan(50)
  expect(without).toEqual([])
})

/** The end of a comment, or an overload that has one. */
const isDocumented = (before = ''): boolean => before.trim().endsWith('*/')
