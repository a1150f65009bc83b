import { badRequest } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'

/**
 * Refuses an action that Nova has not, and a body that names none, as the routes `…/action` of all resources but
 * servers do.
 */
export const refuseUnknownAction = (call: Call): never => {
  const [key] = Object.keys((call.rawJson ?? {}) as object) // refused below when it is none
  throw badRequest(key === undefined ? 'Malformed request body' : `There is no such action: ${key}`)
}
