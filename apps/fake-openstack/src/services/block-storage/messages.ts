import { notFound } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'
import { noContent, ok } from '../../kernel/reply.ts'
import type { Route } from '../../kernel/service.ts'
import { since } from './cinder-errors.ts'
import { type Columns, columnFilters } from './column-filters.ts'
import { listOf } from './list-query.ts'
import { unmodelledMessageColumns } from './query-keys.ts'
import { type MessageRecord, userMessages } from './user-messages.ts'
import { linksOf, storedTime } from './volume-view.ts'

const messageOf = (call: Call): MessageRecord => {
  const message = call.store.of(userMessages).get(call.param('id'))
  if (!message || (message.project_id !== call.projectId && !call.isAdmin)) {
    throw notFound(`Message ${call.param('id')} could not be found.`)
  }
  return message
}

const view = (call: Call, message: MessageRecord) => ({
  id: message.id,
  event_id: message.event_id,
  user_message: message.user_message,
  message_level: message.message_level,
  created_at: storedTime(message.created_at),
  guaranteed_until: storedTime(message.expires_at),
  request_id: message.request_id,
  links: linksOf(call, 'messages', message.id),
  resource_type: message.resource_type,
  resource_uuid: message.resource_uuid,
})

const columns: Columns<MessageRecord> = {
  resource_uuid: (m) => m.resource_uuid,
  resource_type: (m) => m.resource_type,
  event_id: (m) => m.event_id,
  request_id: (m) => m.request_id,
  message_level: (m) => m.message_level,
}
const furtherColumns: Columns<MessageRecord> = { id: (m) => m.id, project_id: (m) => m.project_id }

/**
 * Cinder lists the messages of all projects: its query does not ask for the project
 * (https://opendev.org/openstack/cinder/src/branch/stable/zed/cinder/db/sqlalchemy/api.py, `_messages_get_query`).
 */
const list = (call: Call) => {
  const all = call.store.of(userMessages)
  if (!call.microversion.atLeast('3.5')) {
    return ok({ messages: [...all.walk({}, { reverse: true })].map((message) => view(call, message)) })
  }
  return ok(
    listOf(
      call,
      all,
      {},
      {
        collection: 'messages',
        linksKey: 'messages_links',
        linkPath: 'messages',
        unknownMarker: (marker) => `Message ${marker} could not be found.`,
        sortKeys: { ...columns, ...furtherColumns, created_at: (m) => m.created_at, expires_at: (m) => m.expires_at },
        filters: columnFilters(columns),
        adminFilters: columnFilters(furtherColumns),
        unmodelled: unmodelledMessageColumns,
        strictFrom: '3.31',
        isOfAllColumns: true,
        isCounted: false,
      },
      (message) => view(call, message),
    ),
  )
}

const show = (call: Call) => ok({ message: view(call, messageOf(call)) })

const remove = (call: Call) => {
  call.store.of(userMessages).delete(messageOf(call).id)
  return noContent()
}

/** Cinder routes it like the lists that have details, and has nothing there. */
const listDetails = () => {
  throw notFound('The resource could not be found.')
}

/** https://docs.openstack.org/api-ref/block-storage/v3/#messages */
export const messageRoutes: readonly Route[] = [
  { method: 'GET', path: '/messages', operation: 'messages.list', handle: since('3.3', list) },
  { method: 'GET', path: '/messages/detail', operation: 'messages.detail', handle: listDetails },
  { method: 'GET', path: '/messages/:id', operation: 'messages.show', handle: since('3.3', show) },
  { method: 'DELETE', path: '/messages/:id', operation: 'messages.delete', handle: since('3.3', remove) },
]
