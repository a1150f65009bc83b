import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { filledIn, pages } from './pages.ts'

test.each(pages)('%s is up to date (else: node tooling/docs/write.ts)', async (name) => {
  const page = await readFile(new URL(`../../docs/${name}`, import.meta.url), 'utf8')
  expect(page).toContain('<!-- generated: ')
  expect(page).toBe(filledIn(page))
})
