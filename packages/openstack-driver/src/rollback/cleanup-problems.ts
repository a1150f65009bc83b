import { CpiError } from '@openstack-cpi/cpi-core'
import { OpenStackError } from '../http/openstack-error.ts'

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
    const { kind, service, method, url, status, fault, requestId, retryAfterMs } = error
    return new OpenStackError(kind, text(error.message), {
      ...(service === undefined ? {} : { service }),
      ...(method === undefined ? {} : { method }),
      ...(url === undefined ? {} : { url }),
      ...(status === undefined ? {} : { status }),
      ...(fault === undefined ? {} : { fault }),
      ...(requestId === undefined ? {} : { requestId }),
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
      cause: error,
    })
  }
  return new Error(text(error instanceof Error ? error.message : String(error)), { cause: error })
}
