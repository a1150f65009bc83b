import { expect, test } from 'vitest'
import { withRepository } from './repository-fields.ts'

test('repository, homepage and bugs come from the address; everything else stays', () => {
  const manifest = { name: 'a', version: '1.0.0' }
  expect(withRepository(manifest, 'https://git.example.org/owner/name', 'packages/a')).toEqual({
    name: 'a',
    version: '1.0.0',
    repository: { type: 'git', url: 'git+https://git.example.org/owner/name.git', directory: 'packages/a' },
    homepage: 'https://git.example.org/owner/name/tree/main/packages/a#readme',
    bugs: 'https://git.example.org/owner/name/issues',
  })
})
