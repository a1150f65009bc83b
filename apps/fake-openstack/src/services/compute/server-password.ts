import type { Call } from '../../kernel/call.ts'
import { noContent, ok } from '../../kernel/reply.ts'
import type { Route } from '../../kernel/service.ts'
import { foundServer } from './server-lookup.ts'

const path = '/servers/:server_id/os-server-password'

/**
 * Only an agent inside a guest sets this password, and no guest runs here: it is empty, and clearing it changes
 * nothing.
 */
const show = (call: Call) => {
  foundServer(call)
  return ok({ password: '' })
}

const clear = (call: Call) => {
  foundServer(call)
  return noContent()
}

/** https://docs.openstack.org/api-ref/compute/#servers-password-servers-os-server-password */
export const serverPasswordRoutes: readonly Route[] = [
  { method: 'GET', path, operation: 'server-password.show', handle: show },
  { method: 'DELETE', path, operation: 'server-password.clear', handle: clear },
]
