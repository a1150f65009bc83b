import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8')
const page = read('../../../../../docs/write-a-cpi.md')
const files = ['../', './'].flatMap((folder) =>
  readdirSync(new URL(folder, import.meta.url))
    .filter((name) => name.endsWith('.ts'))
    .map((name) => read(`${folder}${name}`)),
)
const listings = [...page.matchAll(/```ts\n(.*?)```/gs)].map(([, code = '']) => code)

test('the page has listings', () => {
  expect(listings.length).toBeGreaterThan(5)
})

test.each(listings)('listing %# of the page is an excerpt of the example: %s', (code) => {
  expect(files.some((file) => file.includes(code))).toBe(true)
})
