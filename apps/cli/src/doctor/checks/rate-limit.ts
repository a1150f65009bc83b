import { OpenStackError } from '@openstack-cpi/openstack-driver'
import { type Check, ok, warning } from '../check.ts'

/** As many as a busy director makes in a few seconds (driver spec §11). */
const quickRequests = 100

const isRateLimit = (reason: unknown): boolean =>
  reason instanceof OpenStackError && (reason.kind === 'rate-limited' || reason.status === 503)

/** Uses the context without retries: the ordinary one waits until the rate limit is over, and the check would not see it. */
export const rateLimitCheck: Check = {
  group: 'compute',
  title: 'rate limit',
  run: async ({ withoutRetries }) => {
    const requests = Array.from({ length: quickRequests }, () => withoutRetries.services.compute.limits.show())
    const failures = (await Promise.allSettled(requests)).flatMap((outcome) =>
      outcome.status === 'rejected' ? [outcome.reason] : [],
    )
    for (const reason of failures) if (!isRateLimit(reason)) throw reason
    if (failures.length === 0) return [ok(`${quickRequests} quick requests were all answered`)]
    const found = `${failures.length} of ${quickRequests} quick requests were refused as too many`
    const why = 'A director makes this many in seconds. The CPI waits and repeats, and deployments take longer.'
    return [warning(found, why, 'Ask for a higher rate limit of the API, or deploy with fewer workers.')]
  },
}
