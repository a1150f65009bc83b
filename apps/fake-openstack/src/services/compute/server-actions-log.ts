import type { Call } from '../../kernel/call.ts'
import type { CloudContext } from '../../kernel/cloud-context.ts'
import { instanceActions, servers } from './records.ts'

/** Notes an action for `os-instance-actions`. */
export const noteAction = (call: Call, serverId: string, action: string): void => {
  const server = call.store.of(servers).get(serverId)
  if (!server) return
  call.store.of(instanceActions).insert({
    id: call.context.ids.uuid(),
    server_id: serverId,
    project_id: call.projectId,
    user_id: call.userId,
    request_id: call.requestId,
    action,
    message: null,
    start_time: call.now,
    updated_at: call.now,
    events: [],
  })
}

/** The user and the project of other services, which are in no directory of the fake. */
const serviceIds = { user_id: 'c5b1ad06a8c94a00ae490d361c49c61b', project_id: '48f8ecba95ea4e049d7f98cfac8c07d4' }

/** Notes that another service has changed a server, with the event by which Nova followed. */
export const noteServiceAction = (context: CloudContext, serverId: string, action: string, event: string): void => {
  if (!context.store.of(servers).has(serverId)) return
  const now = context.clock.now()
  context.store.of(instanceActions).insert({
    id: context.ids.uuid(),
    server_id: serverId,
    ...serviceIds,
    request_id: `req-${context.ids.uuid()}`,
    action,
    message: null,
    start_time: now,
    updated_at: now,
    events: [],
  })
  noteEvent(context, serverId, event)
}

/** Adds an event to the newest action of a server, such as `compute__do_build_and_run_instance`. */
export const noteEvent = (context: CloudContext, serverId: string, event: string, failure?: string): void => {
  const all = context.store.of(instanceActions)
  const newest = all.walk({ server: serverId }, { reverse: true }).next().value
  if (!newest) return
  const now = context.clock.now()
  const host = context.store.of(servers).get(serverId)?.host ?? null
  all.update(newest.id, {
    updated_at: now,
    message: failure === undefined ? newest.message : 'Error',
    events: [
      ...newest.events,
      {
        event,
        start_time: newest.updated_at,
        finish_time: now,
        result: failure === undefined ? 'Success' : 'Error',
        host,
      },
    ],
  })
}
