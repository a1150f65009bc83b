import { test as base, onTestFailed, type TestAPI } from 'vitest'
import type { FakeOpenStackOptions } from '../cloud.ts'
import type { FakeOpenStack } from '../fake-interface.ts'
import { createFakeOpenStack } from '../fake-openstack.ts'

/**
 * A vitest `test` in which `{ cloud }` is a new cloud of its own. Afterwards a fault rule that never hit fails the test,
 * and a failing test prints the journal.
 */
export const fakeCloudTest = (options: FakeOpenStackOptions = {}): TestAPI<{ cloud: FakeOpenStack }> =>
  base.extend<{ cloud: FakeOpenStack }>({
    // vitest reads the fixture's dependencies from this pattern, so it must be there even when empty.
    // biome-ignore lint/correctness/noEmptyPattern: see above
    cloud: async ({}, use) => {
      const cloud = createFakeOpenStack(options)
      onTestFailed(({ task }) => {
        task.result?.errors?.push({ message: `requests that the cloud saw:\n${cloud.journal}` })
      })
      await use(cloud)
      await cloud.close()
      cloud.faults.assertAllHit()
    },
  })
