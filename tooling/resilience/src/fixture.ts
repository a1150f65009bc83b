import type { JsonObject } from '@openstack-cpi/cpi-core'
import { type FakeApi, fakeApi } from '@openstack-cpi/harness/fake-api'
import type { FakeOpenStack } from 'fake-openstack'
import type { CpiRequest, CpiResponse } from './cpi-request.ts'

/** As whom a call is made. */
export interface CallAs {
  readonly openstack?: JsonObject | undefined
  /** Default: the director whose calls meet faults and kills. */
  readonly directorUuid?: string | undefined
}

/** A fake cloud, and the way in which CPI calls are made in it: within this process, or one process per call. */
export interface CpiRunner extends AsyncDisposable {
  readonly cloud: FakeOpenStack
  /** Path of a file with a stemcell's image. */
  readonly stemcellPath: string
  /**
   * Runs one CPI call. Rejects when it gives no well-formed response.
   * @param series distinguishes the names that this call gives from those of other calls
   */
  run(request: CpiRequest, series: number, directorUuid?: string): Promise<CpiResponse>
  /** Deletes what calls keep outside the cloud. */
  deleteRecords(): void
}

/** What a scenario prepares the cloud with. */
export interface Fixture extends CpiRunner, FakeApi {
  /** Runs a CPI call that has to succeed; returns its result. */
  call(method: string, args: readonly unknown[], how?: CallAs): Promise<unknown>
}

export function createFixture<R extends CpiRunner>(runner: R): R & Fixture {
  let calls = 0
  return {
    ...fakeApi(runner.cloud),
    ...runner,
    call: async (method, args, { openstack, directorUuid } = {}) => {
      calls += 1
      const { result, error } = await runner.run({ method, arguments: args, openstack }, calls, directorUuid)
      if (error !== null) throw new Error(`${method}: ${error.type}: ${error.message}`)
      return result
    },
  }
}
