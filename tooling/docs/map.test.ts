import { access, readdir, readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'

const docs = new URL('../../docs/', import.meta.url)
const map = await readFile(new URL('README.md', docs), 'utf8')

test('every page is on the map', async () => {
  const names = (await readdir(docs)).filter((name) => name.endsWith('.md') && name !== 'README.md')
  expect(names.filter((name) => !map.includes(`](${name})`))).toEqual([])
})

test('every link between pages leads somewhere', async () => {
  const names = (await readdir(docs)).filter((name) => name.endsWith('.md'))
  const dead: string[] = []
  for (const name of names) {
    const page = await readFile(new URL(name, docs), 'utf8')
    for (const [, target = ''] of page
      .replaceAll(/```[\s\S]*?```|`[^`\n]*`/g, '')
      .matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)) {
      if (/^[a-z]+:/.test(target)) continue
      await access(new URL(target, docs)).catch(() => dead.push(`${name}: ${target}`))
    }
  }
  expect(dead).toEqual([])
})

test('every file that the page on changes names is there', async () => {
  const root = new URL('../../', import.meta.url)
  const page = await readFile(new URL('how-a-change-travels.md', docs), 'utf8')
  const named = page.split(/^## /m).flatMap((section) => {
    const [workspace = ''] = section.split(':')
    const paths = [...section.matchAll(/`((?:src|test|apps|tooling|packages)\/[^`\s]*)`/g)].map(([, path = '']) => path)
    return paths.map((path) => (/^(src|test)\//.test(path) ? `${workspace}/${path}` : path))
  })
  expect(named.length).toBeGreaterThan(10)
  const missing: string[] = []
  for (const path of named) await access(new URL(path, root)).catch(() => missing.push(path))
  expect(missing).toEqual([])
})
