import { type Finding, ok, problem, warning } from '../check.ts'

/** What is left of one quota, and what is wanted. -1 as limit means unlimited. */
export interface QuotaUse {
  readonly name: string
  readonly limit: number
  readonly used: number
  readonly wanted: number
}

/** Below this share left, a deployment that grows will soon hit the quota. */
const tightShare = 0.1

export function checkQuota({ name, limit, used, wanted }: QuotaUse): Finding {
  if (limit < 0) return ok(`${name}: unlimited`)
  const left = limit - used
  const found = `${name}: ${used} of ${limit} used, ${left} left`
  if (left < wanted) {
    const why = `${wanted} more ${wanted === 1 ? 'is' : 'are'} wanted; creating them will fail with a quota error.`
    return problem(found, why, `Ask for a quota of at least ${used + wanted} ${name}.`)
  }
  if (left < limit * tightShare) {
    return warning(found, 'Little is left to grow or to recreate VMs.', `Ask for more ${name}.`)
  }
  return ok(found)
}
