import type { DriverContext } from './driver-context.ts'
import { lookAtTenant } from './methods/leftovers/look.ts'
import { directorsIn, type Judgement, judge } from './planning/leftovers/judge.ts'
import type { Limits } from './planning/leftovers/verdict.ts'

export { type Removal, removeLeftover } from './methods/leftovers/remove.ts'
export type { Leftover, LeftoverKind, Limits } from './planning/leftovers/verdict.ts'

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
