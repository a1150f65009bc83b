import { suite } from '../../vitest.shared.ts'

export default suite({
  globalSetup: ['test/compiled-release.ts'],
  testTimeout: 600_000,
  hookTimeout: 600_000,
})
