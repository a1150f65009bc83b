import type { Call } from '../../kernel/call.ts'
import { isObject } from '../../kernel/json-schema.ts'
import { ok } from '../../kernel/reply.ts'
import type { Handler, Method, Route } from '../../kernel/service.ts'
import { internalError, networkNotFound, neutronError, routerNotFound } from './neutron-errors.ts'
import { networks, routers } from './records.ts'

export const agentNotFound = (id: string) => neutronError(404, 'AgentNotFound', `Agent ${id} could not be found.`)

const noSuchAgent = (call: Call): never => {
  throw agentNotFound(call.param('id'))
}

const idIn = (call: Call, key: string): string => {
  const id = isObject(call.rawJson) ? call.rawJson[key] : undefined
  if (typeof id !== 'string') throw internalError()
  return id
}

const addNetwork: Handler = (call) => {
  const id = idIn(call, 'network_id')
  if (!call.store.of(networks).has(id)) throw networkNotFound(id)
  return noSuchAgent(call)
}

const addRouter: Handler = (call) => {
  const id = idIn(call, 'router_id')
  if (!call.store.of(routers).has(id)) throw routerNotFound(id)
  return noSuchAgent(call)
}

const agentsOfRouter: Handler = (call) => {
  const id = call.param('id')
  if (!call.store.of(routers).has(id)) throw routerNotFound(id)
  return ok({ agents: [] })
}

/** For administrators, by this rule of the policy. */
const route = (method: Method, path: string, operation: string, rule: string, handle: Handler): Route => ({
  method,
  path,
  operation,
  handle: (call) => {
    if (!call.isAdmin) throw neutronError(403, 'PolicyNotAuthorized', `rule:${rule} is disallowed by policy`)
    return handle(call)
  },
})

/** Schedulers of agents: there are none, as where the networking is OVN's or is simulated. */
export const agentRoutes: readonly Route[] = [
  route('GET', '/networks/:id/dhcp-agents', 'networks.list-agents', 'get_dhcp-agents', () => ok({ agents: [] })),
  route('GET', '/agents/:id/dhcp-networks', 'agents.list-networks', 'get_dhcp-networks', noSuchAgent),
  route('POST', '/agents/:id/dhcp-networks', 'agents.add-network', 'create_dhcp-network', addNetwork),
  route('DELETE', '/agents/:id/dhcp-networks/:network', 'agents.remove-network', 'delete_dhcp-network', noSuchAgent),
  route('GET', '/routers/:id/l3-agents', 'routers.list-agents', 'get_l3-agents', agentsOfRouter),
  route('GET', '/agents/:id/l3-routers', 'agents.list-routers', 'get_l3-routers', noSuchAgent),
  route('POST', '/agents/:id/l3-routers', 'agents.add-router', 'create_l3-router', addRouter),
  route('DELETE', '/agents/:id/l3-routers/:router', 'agents.remove-router', 'delete_l3-router', noSuchAgent),
]
