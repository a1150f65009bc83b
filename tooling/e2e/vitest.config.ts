import { suite } from '../../vitest.shared.ts'

export default suite({
  globalSetup: ['./cloud-under-test.ts'],
  // One tenant: files would see each other's resources.
  fileParallelism: false,
  testTimeout: 240_000,
  hookTimeout: 240_000,
})
