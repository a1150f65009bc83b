import { expect, test } from 'vitest'
import { apiCallsPage } from './page.ts'

test('docs/api-calls.md has the requests that each method makes (else: vitest run -u test/api-calls)', async () => {
  await expect(await apiCallsPage()).toMatchFileSnapshot('../../../../docs/api-calls.md')
})
