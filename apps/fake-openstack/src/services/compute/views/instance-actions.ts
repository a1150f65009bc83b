import { badRequest, notFound } from '../../../kernel/api-error.ts'
import type { Call } from '../../../kernel/call.ts'
import { ok } from '../../../kernel/reply.ts'
import type { Route } from '../../../kernel/service.ts'
import { isoMicros } from '../../../kernel/time-format.ts'
import { nextLinks } from '../links.ts'
import { limitAndMarker, maxPage } from '../query.ts'
import { type ActionEvent, type InstanceActionRecord, instanceActions, servers } from '../records.ts'
import { serverNotFound } from '../server-lookup.ts'
import { hostIdOf } from './server-view.ts'

const seconds = (epochMs: number): string => isoMicros(Math.floor(epochMs / 1000) * 1000)

/** Actions of a server, newest first; those of deleted servers can be seen from 2.21 on. */
const actionsOf = (call: Call): InstanceActionRecord[] => {
  const id = call.param('server_id')
  const all = call.store.of(instanceActions)
  const noted = [...all.walk({ server: id }, { reverse: true })]
  const server = call.store.of(servers).get(id)
  const isThere = server !== undefined && (server.project_id === call.projectId || call.isAdmin)
  // Of a server that is gone only its actions say whose it was.
  const wasOwn = noted.some((action) => action.project_id === call.projectId || call.isAdmin)
  if (!isThere && !(call.microversion.atLeast('2.21') && wasOwn)) throw serverNotFound(id)
  return noted
}

const view = (call: Call, action: InstanceActionRecord) => ({
  action: action.action,
  instance_uuid: action.server_id,
  request_id: action.request_id,
  user_id: action.user_id,
  project_id: action.project_id,
  start_time: seconds(action.start_time),
  message: action.message,
  ...(call.microversion.atLeast('2.58') ? { updated_at: seconds(action.updated_at) } : {}),
})

const list = (call: Call) => {
  const all = actionsOf(call)
  if (!call.microversion.atLeast('2.58')) return ok({ instanceActions: all.map((action) => view(call, action)) })
  const { limit, marker } = limitAndMarker(call)
  const size = Math.min(limit ?? maxPage, maxPage, call.context.settings.pageSize ?? maxPage)
  const from = marker === undefined ? 0 : all.findIndex((action) => action.request_id === marker) + 1
  if (marker !== undefined && from === 0) throw badRequest(`Marker ${marker} could not be found.`)
  const page = all.slice(from, from + size)
  const last = page.length > 0 && page.length === size ? page.at(-1) : undefined
  const path = `servers/${call.param('server_id')}/os-instance-actions`
  return ok({
    instanceActions: page.map((action) => view(call, action)),
    ...(last ? { links: nextLinks(call, path, last.request_id) } : {}),
  })
}

const eventView = (call: Call, event: ActionEvent, projectId: string) => ({
  event: event.event,
  start_time: seconds(event.start_time),
  finish_time: event.finish_time === null ? null : seconds(event.finish_time),
  result: event.result,
  ...(call.isAdmin ? { traceback: null } : {}),
  ...(call.isAdmin && call.microversion.atLeast('2.62') ? { host: event.host } : {}),
  ...(call.microversion.atLeast('2.62') ? { hostId: hostIdOf(projectId, event.host) } : {}),
  ...(call.isAdmin && call.microversion.atLeast('2.84') ? { details: null } : {}),
})

const show = (call: Call) => {
  const id = call.param('request_id')
  const action = actionsOf(call).find((one) => one.request_id === id)
  if (!action) throw notFound(`Action ${id} not found`)
  const hasEvents = call.isAdmin || call.microversion.atLeast('2.51')
  const events = action.events.map((event) => eventView(call, event, action.project_id))
  return ok({ instanceAction: { ...view(call, action), ...(hasEvents ? { events } : {}) } })
}

const path = '/servers/:server_id/os-instance-actions'

/** https://docs.openstack.org/api-ref/compute/#servers-actions-servers-os-instance-actions */
export const instanceActionRoutes: readonly Route[] = [
  { method: 'GET', path, operation: 'instance-actions.list', handle: list },
  { method: 'GET', path: `${path}/:request_id`, operation: 'instance-actions.show', handle: show },
]
