import type { DriverContext } from '../../driver-context.ts'
import { foundOrUndefined, OpenStackError } from '../../http/openstack-error.ts'

/**
 * Undoes a creation although the object may not be readable: what cannot be looked at can often be deleted all the same.
 * @param remove deletes with looking before and after
 * @param request sends nothing but the deletion
 */
export async function deleteEvenUnseen(
  ctx: DriverContext,
  what: string,
  remove: () => Promise<void>,
  request: () => Promise<void>,
): Promise<void> {
  try {
    await remove()
  } catch (error) {
    if (!(error instanceof OpenStackError)) throw error
    ctx.log.warn(`${what} could not be watched while it is deleted: ${error.message}`)
    // The first error tells more than that of a request that was worth a try.
    await foundOrUndefined(request()).catch(() => Promise.reject(error))
  }
}
