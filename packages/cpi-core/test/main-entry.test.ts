import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

/** Every module that a file imports at run time, by its own words and those of what it imports. */
const importsOf = (file: URL, seen = new Map<string, readonly string[]>()): ReadonlyMap<string, readonly string[]> => {
  if (seen.has(file.href)) return seen
  const text = readFileSync(file, 'utf8')
  const imports = /^(?:import|export) (?!type )(?:[^'"]* from )?'([^']+)'/gms
  const names = [...text.matchAll(imports)].map(([, name = '']) => name)
  seen.set(file.href, names)
  for (const name of names) if (name.startsWith('.')) importsOf(new URL(name, file), seen)
  return seen
}

const foreign = (entry: string): readonly string[] => {
  const all = [...importsOf(new URL(entry, import.meta.url)).values()].flat()
  return [...new Set(all.filter((name) => !name.startsWith('.')))].sort()
}

test('the main entry loads no built-in module of Node and no dependency', () => {
  expect(importsOf(new URL('../src/index.ts', import.meta.url)).size).toBeGreaterThan(20)
  expect(foreign('../src/index.ts')).toEqual([])
})

test('the entry of the client and of the in-memory CPI load none either', () => {
  expect(foreign('../src/testing/client.ts')).toEqual([])
  expect(foreign('../src/testing/in-memory-cpi.ts')).toEqual([])
})

test('the entry for executables loads the file system and nothing else', () => {
  expect(foreign('../src/node/index.ts')).toEqual(['node:fs'])
})
