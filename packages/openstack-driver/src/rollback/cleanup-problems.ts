import { CpiError } from '@openstack-cpi/cpi-core'
import { detailsOf, OpenStackError } from '../http/openstack-error.ts'

/**
 * The same failure, of the same class and kind, whose message also tells what could not be removed. The operator must
 * learn of it: these objects stay.
 */
export function withCleanupProblems(error: unknown, problems: readonly string[]): unknown {
  const text = (message: string): string =>
    `${message}\nCleaning up afterwards failed, these objects may be left: ${problems.join('; ')}`
  if (error instanceof CpiError) {
    return new CpiError(error.code, text(error.message), { cause: error, okToRetry: error.okToRetry })
  }
  if (error instanceof OpenStackError) {
    return new OpenStackError(error.kind, text(error.message), detailsOf(error))
  }
  return new Error(text(error instanceof Error ? error.message : String(error)), { cause: error })
}
