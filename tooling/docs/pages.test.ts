import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { pages } from './pages.ts'

test.each(Object.entries(pages))('%s is up to date (else: node tooling/docs/write.ts)', async (path, make) => {
  expect(await readFile(new URL(`../../${path}`, import.meta.url), 'utf8')).toBe(await make())
})
