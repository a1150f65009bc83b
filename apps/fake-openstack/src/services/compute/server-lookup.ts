import { type ApiError, conflict, notFound } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'
import { hostStatus } from './host-services.ts'
import { type ServerRecord, servers } from './records.ts'
import type { VmState } from './views/server-status.ts'

export const serverNotFound = (id: string): ApiError => notFound(`Instance ${id} could not be found.`)

/** The server of the path, if it is the caller's (or the caller is admin); one that is deleted may still be shown. */
export const shownServer = (call: Call): ServerRecord => {
  const id = call.param('server_id')
  const server = call.store.of(servers).get(id)
  if (!server || (server.project_id !== call.projectId && !call.isAdmin)) throw serverNotFound(id)
  return server
}

/** The server of the path, for everything but showing it. */
export const foundServer = (call: Call): ServerRecord => {
  const server = shownServer(call)
  if (server.vm_state === 'deleted') throw serverNotFound(server.id)
  return server
}

/** Nova's 409 for a server in the wrong state. */
export const wrongState = (server: ServerRecord, action: string, attribute: 'vm_state' | 'task_state'): ApiError =>
  conflict(`Cannot '${action}' instance ${server.id} while it is in ${attribute} ${server[attribute]}`)

/** In which states an action is taken; undefined means all. */
export interface StateRule {
  vm?: readonly VmState[]
  /** Task states besides none. */
  tasks?: readonly string[] | 'any'
  /** Locked servers refuse the action to all but admins. */
  isLockable?: boolean
}

/** Nova's 409 to what the host of a server would have to do, while its compute service counts as dead. */
export const requireLiveHost = (call: Call, server: ServerRecord): void => {
  if (hostStatus(call.context, server.host) === 'DOWN') throw conflict('Service is unavailable at this time.')
}

/** Checks lock and states in Nova's order. */
export const requireState = (call: Call, server: ServerRecord, action: string, rule: StateRule): void => {
  if ((rule.isLockable ?? true) && server.locked && !call.isAdmin) throw conflict(`Instance ${server.id} is locked`)
  if (rule.vm && !rule.vm.includes(server.vm_state)) throw wrongState(server, action, 'vm_state')
  const { tasks = [] } = rule
  if (tasks !== 'any' && server.task_state !== null && !tasks.includes(server.task_state)) {
    throw wrongState(server, action, 'task_state')
  }
}
