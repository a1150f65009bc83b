import { expect, test } from 'vitest'
import { referencesIn, sectionsOf, titleReferences } from './spec-references.ts'

const page = `# Page
## 1. Words
<!-- glossary: no test -->
## 2. Model
### 2.1 \`info\`
text
### 2.2 \`other\`
## 3. Checklist
1. First.
2. Second.
`

test('headings and points of a list can be referred to; sections without subsections need a test', () => {
  const { known, tested } = sectionsOf('driver', page)
  expect(known.toSorted()).toEqual(['1', '2', '2.1', '2.2', '3', '3.1', '3.2'].map((section) => `driver ${section}`))
  expect(tested).toEqual(['driver 2.1', 'driver 2.2', 'driver 3'])
})

test('a reference names the specification, or means the driver; lists and ranges are read whole', () => {
  expect(referencesIn('// §7.5, contract §6.4 to §6.6, §9; driver spec §3.5 and §3.6')).toEqual([
    'driver 7.5',
    'contract 6.4',
    'contract 6.5',
    'contract 6.6',
    'contract 9',
    'driver 3.5',
    'driver 3.6',
  ])
})

test('only the front of a title proves a section', () => {
  const source = "test('§7.5, contract §6.5 deletes', …)\ntest('deletes (§7.6)', …)\n// §7.7 in a comment"
  expect(titleReferences(source)).toEqual(['driver 7.5', 'contract 6.5'])
})
