import type { Call } from '../../../kernel/call.ts'
import type { CloudContext } from '../../../kernel/cloud-context.ts'
import { defineLifecycle } from '../../../kernel/lifecycle.ts'
import { noContent } from '../../../kernel/reply.ts'
import { type ServerRecord, servers } from '../records.ts'
import { noteAction } from '../server-actions-log.ts'
import { releaseDisks } from '../server-disks.ts'
import { foundServer, requireState } from '../server-lookup.ts'
import { changeServer, releaseNics } from '../server-nics.ts'
import { deleteShelvedImage } from './server-transitions.ts'

/** Gives back what a server has: ports and volumes. */
const release = (context: CloudContext, server: ServerRecord): void => {
  deleteShelvedImage(context, server)
  releaseNics(context, server)
  releaseDisks(context, server)
}

/** `deleting`, then for a moment DELETED, then gone. */
export const deleteServer = defineLifecycle({
  name: 'servers.delete',
  collection: servers,
  steps: [
    {
      name: 'deleted',
      afterMs: 150,
      apply: (server, { context }) => {
        release(context, server)
        const now = context.clock.now()
        return {
          vm_state: 'deleted' as const,
          task_state: null,
          power_state: 0,
          nics: [],
          disks: [],
          terminated_at: now,
          updated_at: now,
        }
      },
    },
    {
      name: 'gone',
      afterMs: 50,
      apply: (server, { context }) => {
        context.store.of(servers).delete(server.id)
        return undefined
      },
    },
  ],
  failingStep: 'deleted',
  // Any other state than ERROR is a deletion that never ends.
  fail: (_, failure, { context }) =>
    failure.to === 'ERROR'
      ? {
          vm_state: 'error' as const,
          task_state: null,
          fault: { code: 500, message: failure.message, details: null, created_at: context.clock.now() },
          updated_at: context.clock.now(),
        }
      : undefined,
})

/** `DELETE /servers/:id`; one that no host has yet, or any more, is gone immediately. A second time changes nothing. */
export const removeServer = (call: Call) => {
  const server = foundServer(call)
  requireState(call, server, 'delete', { tasks: 'any' })
  beginDelete(call, server)
  return noContent()
}

/** The deletion without its checks, for `forceDelete`. */
export const beginDelete = (call: Call, server: ServerRecord): void => {
  if (server.task_state === 'deleting') return
  const { context } = call
  context.lifecycle.cancel(servers, server.id)
  noteAction(call, server.id, 'delete')
  if (server.host === null) {
    release(context, server)
    context.store.of(servers).delete(server.id)
    return
  }
  changeServer(context, server.id, { task_state: 'deleting' })
  context.lifecycle.start(deleteServer, server.id)
}
