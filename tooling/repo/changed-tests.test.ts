import { expect, test } from 'vitest'
import { testsOf } from './changed-tests.ts'

const sources = new Map([
  ['src/planning/az.ts', ''],
  ['src/planning/az.test.ts', "import { az } from './az.ts'"],
  ['src/methods/create.ts', "import { az } from '../planning/az.ts'"],
  ['src/methods/create.test.ts', "import { create } from './create.ts'"],
  ['src/methods/dispatch.ts', "import { create } from './create.ts'"],
  ['src/methods/dispatch.test.ts', "import './dispatch.ts'"],
  ['test/zones.test.ts', "import { az } from '../src/planning/az.ts'"],
])

test('a changed file selects its test, tests that import it, and the tests of files that import it', () => {
  expect(testsOf(['src/planning/az.ts'], sources)).toEqual([
    'src/methods/create.test.ts',
    'src/planning/az.test.ts',
    'test/zones.test.ts',
  ])
})

test('a changed test selects itself; a deleted one nothing', () => {
  expect(testsOf(['test/zones.test.ts', 'test/gone.test.ts'], sources)).toEqual(['test/zones.test.ts'])
})
