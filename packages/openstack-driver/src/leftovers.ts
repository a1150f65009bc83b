import type { DriverContext } from './driver-context.ts'
import { lookAtTenant } from './operations/leftovers/read-inventory.ts'
import type { Limits } from './planning/leftovers/classification.ts'
import { directorsIn, type Judgement, judge } from './planning/leftovers/classify.ts'

export { type Removal, removeLeftover } from './operations/leftovers/delete-leftover.ts'
export type { Leftover, LeftoverKind, Limits } from './planning/leftovers/classification.ts'

/** What was found in a project. */
export interface LeftoverSearch extends Judgement {
  /** Every director whose marks were seen, on finished things as well. */
  readonly directors: readonly string[]
}

/** Finds what dead CPI calls have left. Reads only. Throws `OpenStackError` when a list cannot be had. */
export async function findLeftovers(ctx: DriverContext, limits: Limits): Promise<LeftoverSearch> {
  const tenant = await lookAtTenant(ctx)
  return { ...judge(tenant, limits), directors: directorsIn(tenant) }
}
