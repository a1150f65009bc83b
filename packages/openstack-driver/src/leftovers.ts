import type { DriverContext } from './driver-context.ts'
import { readInventory } from './leftovers/read-inventory.ts'
import type { Limits } from './planning/leftovers/classification.ts'
import { type ClassifiedLeftovers, classify, directorsIn } from './planning/leftovers/classify.ts'

export { type Removal, removeLeftover } from './leftovers/delete-leftover.ts'
export type { Leftover, LeftoverKind, Limits } from './planning/leftovers/classification.ts'

/** What was found in a project. */
export interface LeftoverSearch extends ClassifiedLeftovers {
  /** Every director whose marks were seen, on finished things as well. */
  readonly directors: readonly string[]
}

/** Finds what dead CPI calls have left. Reads only. Throws `OpenStackError` when a list cannot be had. */
export async function findLeftovers(ctx: DriverContext, limits: Limits): Promise<LeftoverSearch> {
  const inventory = await readInventory(ctx)
  return { ...classify(inventory, limits), directors: directorsIn(inventory) }
}
