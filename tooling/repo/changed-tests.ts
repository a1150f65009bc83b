import { dirname, join, normalize } from 'node:path'

/** Source files of a workspace by their paths, which are relative to it. */
export type Sources = ReadonlyMap<string, string>

const isTest = (file: string): boolean => file.endsWith('.test.ts')

/**
 * The tests of a workspace that say most about changed files: the tests among them, the test beside each, tests that
 * import one of them, and the tests beside files that import one of them. `npm test` runs the others.
 */
export function testsOf(changed: readonly string[], sources: Sources): readonly string[] {
  const near = new Set(changed)
  for (const [file, source] of sources) {
    if (importsOf(file, source).some((imported) => changed.includes(imported))) near.add(file)
  }
  const tests = [...near].map((file) => (isTest(file) ? file : file.replace(/\.ts$/, '.test.ts')))
  return [...new Set(tests)].filter((file) => isTest(file) && sources.has(file)).toSorted()
}

/** Paths of the files of the same workspace that a file imports. */
function importsOf(file: string, source: string): readonly string[] {
  return [...source.matchAll(/(?:from|import) ?\(?'(\.{1,2}\/[^']+)'/g)].map(([, path = '']) =>
    normalize(join(dirname(file), path)),
  )
}
