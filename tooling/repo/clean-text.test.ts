import { expect, test } from 'vitest'
import { linesWithHosts } from './clean-text.ts'

test('a tarball address in the lockfile is found, an integrity is not', () => {
  const lockfile = 'a:\n  resolution: {integrity: sha512-//abc}\n  tarball: https://example.com/a.tgz\n'
  expect(linesWithHosts(lockfile)).toEqual(['pnpm-lock.yaml:3:   tarball: https://example.com/a.tgz'])
})
