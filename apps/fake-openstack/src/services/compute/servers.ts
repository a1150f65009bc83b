import * as z from 'zod'
import type { Call } from '../../kernel/call.ts'
import { invalidInput } from '../../kernel/dialects/openstack-fault.ts'
import { pythonRepr } from '../../kernel/python-repr.ts'
import { ok } from '../../kernel/reply.ts'
import type { Route } from '../../kernel/service.ts'
import { removeServer } from './actions/server-delete.ts'
import { createServer } from './create/server-create.ts'
import { addressOf, hostname, name } from './field-schemas.ts'
import { foundServer, shownServer } from './server-lookup.ts'
import { changeServer } from './server-nics.ts'
import { listServers, listServersDetail } from './views/server-list.ts'
import { serverView } from './views/server-view.ts'

const show = (call: Call) => ok({ server: serverView(call, shownServer(call)) })

const updateSchema = z.strictObject({
  server: z.strictObject({
    name: name.optional(),
    'OS-DCF:diskConfig': z.enum(['AUTO', 'MANUAL']).optional(),
    accessIPv4: addressOf(4).optional(),
    accessIPv6: addressOf(6).optional(),
    description: z.string().max(255).nullish(),
    hostname: hostname.optional(),
  }),
})

/** Below these versions the fields are unknown. */
const since = { description: '2.19', hostname: '2.90' } as const

const update = (call: Call) => {
  const { server: params } = call.json(updateSchema)
  for (const field of ['description', 'hostname'] as const) {
    if (params[field] === undefined || call.microversion.atLeast(since[field])) continue
    const message = `Additional properties are not allowed (${pythonRepr(field)} was unexpected)`
    throw invalidInput({ path: ['server'], value: params, message })
  }
  const server = foundServer(call)
  const changed = changeServer(call.context, server.id, {
    ...(params.name === undefined ? {} : { name: params.name }),
    ...(params.description === undefined ? {} : { description: params.description }),
    ...(params.hostname === undefined ? {} : { hostname: params.hostname }),
    ...(params['OS-DCF:diskConfig'] === undefined ? {} : { disk_config: params['OS-DCF:diskConfig'] }),
    ...(params.accessIPv4 === undefined ? {} : { access_ip_v4: params.accessIPv4 }),
    ...(params.accessIPv6 === undefined ? {} : { access_ip_v6: params.accessIPv6 }),
  })
  return ok({ server: serverView(call, changed, { isShort: !call.microversion.atLeast('2.75') }) })
}

/** https://docs.openstack.org/api-ref/compute/#servers-servers */
export const serverRoutes: readonly Route[] = [
  { method: 'GET', path: '/servers', operation: 'servers.list', handle: listServers },
  { method: 'GET', path: '/servers/detail', operation: 'servers.list-detail', handle: listServersDetail },
  { method: 'POST', path: '/servers', operation: 'servers.create', handle: createServer },
  { method: 'GET', path: '/servers/:server_id', operation: 'servers.show', handle: show },
  { method: 'PUT', path: '/servers/:server_id', operation: 'servers.update', handle: update },
  { method: 'DELETE', path: '/servers/:server_id', operation: 'servers.delete', handle: removeServer },
]
