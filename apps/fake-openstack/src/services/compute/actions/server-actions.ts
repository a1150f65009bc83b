import * as z from 'zod'
import { ApiError, badRequest, conflict, notFound } from '../../../kernel/api-error.ts'
import type { Call } from '../../../kernel/call.ts'
import type { Reply } from '../../../kernel/dialect.ts'
import { invalidInput } from '../../../kernel/dialects/openstack-fault.ts'
import { pythonRepr } from '../../../kernel/python-repr.ts'
import { accepted, ok } from '../../../kernel/reply.ts'
import type { Action, Route } from '../../../kernel/service.ts'
import { changePort } from '../../network/port-operations.ts'
import { securityGroups } from '../../network/records.ts'
import { objectOrNull } from '../field-schemas.ts'
import { refuseGone } from '../gone-routes.ts'
import { floatingIpActions } from '../proxies/floating-ips.ts'
import { noSuchVersion } from '../query.ts'
import { noteAction } from '../server-actions-log.ts'
import { foundServer, requireState } from '../server-lookup.ts'
import { changeServer } from '../server-nics.ts'
import { portsOfServer } from '../views/server-addresses.ts'
import { powerActions } from './power-actions.ts'
import { resizeActions } from './resize-actions.ts'
import { beginDelete } from './server-delete.ts'
import { imageActions } from './server-images.ts'

const lockSchema = z.strictObject({
  lock: objectOrNull(z.strictObject({ locked_reason: z.string().min(1).max(255).optional() })),
})

/** A second lock keeps the first reason. */
const lock = (call: Call): Reply => {
  const reason = call.microversion.atLeast('2.73') ? call.json(lockSchema).lock?.locked_reason : undefined
  const server = foundServer(call)
  if (!server.locked) changeServer(call.context, server.id, { locked: true, locked_reason: reason ?? null })
  noteAction(call, server.id, 'lock')
  return accepted()
}

const unlock = (call: Call): Reply => {
  const server = foundServer(call)
  changeServer(call.context, server.id, { locked: false, locked_reason: null })
  noteAction(call, server.id, 'unlock')
  return accepted()
}

const resetSchema = z.strictObject({ 'os-resetState': z.strictObject({ state: z.enum(['active', 'error']) }) })

/** For admins: sets the state, whatever the hypervisor thinks. */
const resetState = (call: Call): Reply => {
  const { state } = call.json(resetSchema)['os-resetState']
  const server = foundServer(call)
  noteAction(call, server.id, 'resetState')
  changeServer(call.context, server.id, { vm_state: state, task_state: null })
  return accepted()
}

const consoleSchema = z.strictObject({
  'os-getConsoleOutput': z.strictObject({ length: z.unknown().optional() }),
})

const standardConsole = ['FAKE CONSOLE OUTPUT', 'ANOTHER', 'LAST LINE']

const consoleOutput = (call: Call): Reply => {
  const { length } = call.json(consoleSchema)['os-getConsoleOutput']
  if (length !== undefined && length !== null && !/^-?\d+$/.test(String(length))) {
    const message =
      typeof length === 'string'
        ? `${pythonRepr(length)} does not match '^-?[0-9]+$'`
        : `${pythonRepr(length)} is not of type 'integer', 'string', 'null'`
    throw invalidInput({ path: ['os-getConsoleOutput', 'length'], value: length, message })
  }
  const server = foundServer(call)
  if (server.host === null) throw conflict(`Instance ${server.id} is not ready`)
  const lines = server.console.length > 0 ? server.console : standardConsole
  const wanted = length === undefined || length === null ? -1 : Number(length)
  const tail = wanted < 0 ? lines : wanted === 0 ? [] : lines.slice(-wanted)
  return ok({ output: tail.join('\n') })
}

/** Nova reads this body by hand, without a schema. */
const groupName = (call: Call, key: string): string => {
  const body = call.json(z.looseObject({ [key]: z.unknown() }))[key]
  if (typeof body !== 'object' || body === null) throw badRequest('Missing parameter dict')
  if (!('name' in body)) throw badRequest('Security group not specified')
  const wanted = String(body.name || '')
  if (wanted.trim() === '') throw badRequest('Security group name cannot be empty')
  return wanted
}

/** Adds or removes a security group on all of the server's ports. */
const changeGroup =
  (key: 'addSecurityGroup' | 'removeSecurityGroup') =>
  (call: Call): Reply => {
    const wanted = groupName(call, key)
    const server = foundServer(call)
    requireState(call, server, key, { tasks: 'any', isLockable: true })
    const all = call.store.of(securityGroups)
    const owned = all.get(wanted)
    const named = all.where({ project: server.project_id, name: wanted })
    if (!owned && named.length > 1) {
      throw conflict(`Multiple security groups found matching '${wanted}'. Use an ID to be more specific.`)
    }
    const group = owned?.project_id === server.project_id ? owned : named[0]
    if (!group) throw notFound(`Security group ${wanted} is not found for project ${server.project_id}`)
    const ports = portsOfServer(call.context, server)
    const having = ports.filter((port) => port.security_groups.includes(group.id))
    if (key === 'removeSecurityGroup') {
      if (having.length === 0) {
        throw notFound(`Security group ${wanted} not associated with the instance ${server.id}`)
      }
      for (const port of having) {
        const kept = port.security_groups.filter((id) => id !== group.id)
        changePort(call.context, port.id, { security_groups: kept })
      }
      return accepted()
    }
    if (having.length > 0) {
      const reason = `Reason: Duplicate items in the list: '${group.id}'.`
      const ids = `Neutron server returns request_ids: ['${call.requestId}']`
      throw badRequest(`Invalid input for security_groups. ${reason}\n${ids}`)
    }
    for (const port of ports)
      changePort(call.context, port.id, { security_groups: [...port.security_groups, group.id] })
    return accepted()
  }

const forceDelete = (call: Call): Reply => {
  const server = foundServer(call)
  requireState(call, server, 'forceDelete', { tasks: 'any' })
  beginDelete(call, server)
  return accepted()
}

/** Nothing can be restored: as in a cloud without `reclaim_instance_interval`, a deleted server is gone. */
const restore = (call: Call): Reply => {
  const server = foundServer(call)
  requireState(call, server, 'restore', { vm: [], isLockable: false })
  return accepted()
}

/** Actions of Nova that the fake leaves out; they say so instead of pretending. */
const notModelled = [
  'addFixedIp',
  'removeFixedIp',
  'evacuate',
  'injectNetworkInfo',
  'migrate',
  'os-getMKSConsole',
  'os-getRDPConsole',
  'os-getSerialConsole',
  'os-getSPICEConsole',
  'os-getVNCConsole',
  'os-migrateLive',
  'shelveOffload',
  'trigger_crash_dump',
]

/** Of those, what only admins may do; others are refused before. */
const forAdmins: Readonly<Record<string, string>> = {
  migrate: 'os_compute_api:os-migrate-server:migrate',
  shelveOffload: 'os_compute_api:os-shelve:shelve_offload',
}

/** Actions that Nova dropped, and since when. */
const droppedSince: Readonly<Record<string, string>> = {
  addFixedIp: '2.44',
  removeFixedIp: '2.44',
  'os-getVNCConsole': '2.6',
  'os-getSPICEConsole': '2.6',
  'os-getRDPConsole': '2.6',
  'os-getSerialConsole': '2.6',
}

const unknownAction = (call: Call): Reply => {
  const body = call.rawJson
  const keys = typeof body === 'object' && body !== null && !Array.isArray(body) ? Object.keys(body) : []
  const [key] = keys
  if (key === undefined || keys.length > 1) throw badRequest('Malformed request body')
  const dropped = droppedSince[key]
  if (dropped !== undefined && call.microversion.atLeast(dropped)) throw noSuchVersion()
  const rule = forAdmins[key]
  if (rule !== undefined) call.requireAdmin(rule)
  if (notModelled.includes(key)) throw new ApiError(501, `The fake does not model the action ${key}.`)
  throw badRequest(`There is no such action: ${key}`)
}

/** A body names one action only. */
const single = (action: Action): Action => ({
  ...action,
  handle: (call) => {
    if (Object.keys(call.rawJson as object).length > 1) throw badRequest('Malformed request body') // it has a key
    return action.handle(call)
  },
})

const actions: Readonly<Record<string, Action>> = {
  ...powerActions,
  ...resizeActions,
  ...imageActions,
  ...floatingIpActions,
  lock: { operation: 'servers.lock', handle: lock },
  unlock: { operation: 'servers.unlock', handle: unlock },
  'os-getConsoleOutput': { operation: 'servers.console-output', handle: consoleOutput },
  'os-resetState': {
    operation: 'servers.reset-state',
    access: { admin: 'os_compute_api:os-admin-actions:reset_state' },
    handle: resetState,
  },
  addSecurityGroup: { operation: 'servers.add-security-group', handle: changeGroup('addSecurityGroup') },
  removeSecurityGroup: { operation: 'servers.remove-security-group', handle: changeGroup('removeSecurityGroup') },
  resetNetwork: { operation: 'servers.reset-network', handle: refuseGone },
  forceDelete: { operation: 'servers.force-delete', handle: forceDelete },
  restore: { operation: 'servers.restore', handle: restore },
}

/** https://docs.openstack.org/api-ref/compute/#servers-run-an-action-servers-action */
export const serverActionRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/servers/:server_id/action',
    operation: 'servers.action',
    handle: unknownAction,
    actions: Object.fromEntries(Object.entries(actions).map(([key, action]) => [key, single(action)])),
  },
]
