import { ApiError } from '../../kernel/api-error.ts'
import type { Method, Route } from '../../kernel/service.ts'
import { refuseUnknownAction } from './unknown-action.ts'

/** What Nova has removed and still has a route for: methods, path and the name of the operations. */
const gone = `
GET POST /os-agents agents
PUT DELETE /os-agents/:id agents
GET POST /os-cells cells
GET PUT DELETE /os-cells/:id cells
GET /os-cells/detail cells-detail
GET /os-cells/info cells-info
GET /os-cells/capacities cells-capacities
GET /os-cells/:id/capacities cells-capacities
POST /os-cells/sync_instances cells-sync
POST /os-certificates certificates
GET /os-certificates/:id certificates
GET POST /os-cloudpipe cloudpipe
PUT /os-cloudpipe/:id cloudpipe
GET /os-fixed-ips/:id fixed-ips
GET /os-floating-ip-dns floating-ip-dns
PUT DELETE /os-floating-ip-dns/:id floating-ip-dns
GET PUT DELETE /os-floating-ip-dns/:id/entries/:entry floating-ip-dns-entries
GET POST /os-floating-ips-bulk floating-ips-bulk
GET PUT /os-floating-ips-bulk/:id floating-ips-bulk
GET /os-fping fping
GET /os-fping/:id fping
POST /os-networks networks
DELETE /os-networks/:id networks
POST /os-networks/add networks-add
GET POST /os-security-group-default-rules security-group-default-rules
GET DELETE /os-security-group-default-rules/:id security-group-default-rules
POST /os-tenant-networks tenant-networks
DELETE /os-tenant-networks/:id tenant-networks
GET POST /servers/:server_id/consoles consoles
GET DELETE /servers/:server_id/consoles/:id consoles
GET /servers/:server_id/os-virtual-interfaces virtual-interfaces
`

const verbs: Readonly<Record<Method, string>> = {
  GET: 'show',
  HEAD: 'head',
  POST: 'create',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
}

/** Refuses with Nova's 410. */
export const refuseGone = (): never => {
  throw new ApiError(410, 'This resource is no longer available. No forwarding address is given.')
}

const goneActions: Readonly<Record<string, readonly string[]>> = {
  '/os-fixed-ips/:id/action': ['reserve', 'unreserve'],
  '/os-networks/:id/action': ['associate_host', 'disassociate', 'disassociate_host', 'disassociate_project'],
}

/**
 * The removed parts of Nova's API (nova-network, cells v1, the XenAPI driver):
 * https://docs.openstack.org/api-ref/compute/
 */
export const goneRoutes: readonly Route[] = [
  ...gone
    .trim()
    .split('\n')
    .flatMap((line) => {
      const words = line.split(' ')
      const [path = '', name = ''] = words.slice(-2)
      const methods = words.slice(0, -2) as Method[] // the table's own words
      return methods.map((method) => ({ method, path, operation: `${name}.${verbs[method]}`, handle: refuseGone }))
    }),
  ...Object.entries(goneActions).map(([path, keys]) => ({
    method: 'POST' as const,
    path,
    operation: path.startsWith('/os-fixed-ips') ? 'fixed-ips.action' : 'networks.action',
    handle: refuseUnknownAction,
    actions: Object.fromEntries(
      keys.map((key) => [key, { operation: `networks.${key.replaceAll('_', '-')}`, handle: refuseGone }]),
    ),
  })),
]
