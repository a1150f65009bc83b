import * as z from 'zod'
import { ApiError, badRequest, conflict, forbidden, notFound } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'
import { invalidInput } from '../../kernel/dialects/openstack-fault.ts'
import { defineLifecycle } from '../../kernel/lifecycle.ts'
import { pythonRepr } from '../../kernel/python-repr.ts'
import { accepted, ok } from '../../kernel/reply.ts'
import type { Route } from '../../kernel/service.ts'
import { portsOfDevice, portWithAddress, setPortStatus } from '../network/port-operations.ts'
import { isSharedWith } from '../network/rbac-access.ts'
import { networks, type PortRecord, ports } from '../network/records.ts'
import { isVisible, resolveNetworks } from './create/requested-networks.ts'
import { tag, uuid } from './field-schemas.ts'
import { type Nic, type ServerRecord, servers } from './records.ts'
import { noteAction } from './server-actions-log.ts'
import { foundServer, requireState, type StateRule } from './server-lookup.ts'
import { allocateNic, NetworkAllocationError, releaseNic } from './server-nics.ts'

const changeable: StateRule = { vm: ['active', 'paused', 'stopped'] }

const view = (call: Call, server: ServerRecord, port: PortRecord) => ({
  net_id: port.network_id,
  port_id: port.id,
  mac_addr: port.mac_address,
  port_state: port.status,
  fixed_ips: port.fixed_ips,
  ...(call.microversion.atLeast('2.70')
    ? { tag: server.nics.find((nic) => nic.port_id === port.id)?.tag ?? null }
    : {}),
})

const list = (call: Call) => {
  const server = foundServer(call)
  const all = portsOfDevice(call.context, server.id)
  return ok({ interfaceAttachments: all.map((port) => view(call, server, port)) })
}

const visiblePort = (call: Call, id: string): PortRecord => {
  const port = call.store.of(ports).get(id)
  if (!port || (port.project_id !== call.projectId && !call.isAdmin)) {
    throw notFound(`Port id ${id} could not be found.`)
  }
  return port
}

const show = (call: Call) => {
  const server = foundServer(call)
  const port = visiblePort(call, call.param('port_id'))
  if (port.device_id !== server.id) {
    throw notFound(`Instance ${server.id} does not have a port with id ${port.id}`)
  }
  return ok({ interfaceAttachment: view(call, server, port) })
}

const schema = z.strictObject({
  interfaceAttachment: z.strictObject({
    net_id: uuid.optional(),
    port_id: uuid.optional(),
    fixed_ips: z
      .array(z.strictObject({ ip_address: z.union([z.ipv4(), z.ipv6()]) }))
      .min(1)
      .max(1)
      .optional(),
    tag: tag.optional(),
  }),
})

type Params = z.output<typeof schema>['interfaceAttachment']

const attach = (call: Call) => {
  const { rawJson } = call
  const isEmpty = rawJson === undefined || (typeof rawJson === 'object' && Object.keys(rawJson ?? {}).length === 0)
  const params: Params = isEmpty ? {} : call.json(schema).interfaceAttachment
  if (params.tag !== undefined && !call.microversion.atLeast('2.49')) {
    const message = `Additional properties are not allowed (${pythonRepr('tag')} was unexpected)`
    throw invalidInput({ path: ['interfaceAttachment'], value: params, message })
  }
  const server = foundServer(call)
  const address = params.fixed_ips?.[0]?.ip_address
  if (params.net_id !== undefined && params.port_id !== undefined) {
    throw badRequest('Must not input both network_id and port_id')
  }
  if (address !== undefined && params.net_id === undefined) {
    throw badRequest('Must input network_id when request IP address')
  }
  requireState(call, server, 'attach_interface', changeable)
  const nic = nicFor(call, params, address)
  noteAction(call, server.id, 'attach_interface')
  const done = allocated(call, server, nic)
  call.store.of(servers).update(server.id, { nics: [...server.nics, done] })
  if (done.port_id !== null) setPortStatus(call.context, done.port_id, 'ACTIVE')
  const port = visiblePort(call, done.port_id ?? '')
  return ok({ interfaceAttachment: view(call, { ...server, nics: [...server.nics, done] }, port) })
}

const nicFor = (call: Call, params: Params, address: string | undefined): Nic => {
  const nic: Nic = {
    network_id: null,
    port_id: null,
    fixed_ip: address ?? null,
    tag: params.tag ?? null,
    is_own_port: true,
  }
  if (params.port_id !== undefined) {
    const port = visiblePort(call, params.port_id)
    if (port.device_id !== '') throw conflict(`Port ${port.id} is still in use.`)
    return { ...nic, network_id: port.network_id, port_id: port.id, is_own_port: false }
  }
  if (params.net_id === undefined) return { ...onlyNetwork(call), tag: nic.tag }
  const network = call.store.of(networks).get(params.net_id)
  // The real API does not expect this one either.
  if (!network || !isVisible(call, network.id)) throw unexpected()
  if (network['router:external'] && !call.isAdmin && !isSharedWith(call, network, call.projectId)) {
    throw forbidden(`It is not allowed to create an interface on external network ${network.id}`)
  }
  if (address !== undefined && portWithAddress(call.context, network.id, address)) {
    throw conflict(`Fixed IP ${address} is already in use.`)
  }
  return { ...nic, network_id: network.id }
}

/** The project's only network; here several are a bad request. */
const onlyNetwork = (call: Call): Nic => {
  try {
    const [nic] = resolveNetworks(call, undefined)
    if (nic) return nic
  } catch (error) {
    if (error instanceof ApiError && error.status === 409) throw badRequest(error.message)
    throw error
  }
  throw badRequest('No specific network was requested and none are available for project.')
}

const allocated = (call: Call, server: ServerRecord, nic: Nic): Nic => {
  try {
    return allocateNic(call.context, server, nic, call.isAdmin)
  } catch (error) {
    if (!(error instanceof NetworkAllocationError)) throw error
    const { cause } = error
    if (cause instanceof ApiError && cause.type === 'OverQuota') throw forbidden('Maximum number of ports exceeded')
    if (cause instanceof ApiError && cause.type === 'IpAddressGenerationFailure') {
      throw badRequest(`No fixed IP addresses available for network: ${nic.network_id}`)
    }
    throw unexpected()
  }
}

const unexpected = (): ApiError =>
  new ApiError(
    500,
    'Unexpected API Error. Please report this at http://bugs.launchpad.net/nova/ and attach the Nova API log if possible.',
  )

/** The port leaves the server a moment after the answer. */
export const detachInterface = defineLifecycle({
  name: 'servers.detach-interface',
  collection: servers,
  steps: [
    {
      name: 'detached',
      afterMs: 100,
      apply: (server, { context, payload }) => {
        const nic = server.nics.find((one) => one.port_id === payload['portId'])
        if (!nic) return undefined
        releaseNic(context, server, nic)
        return { nics: server.nics.filter((one) => one !== nic) }
      },
    },
  ],
  // The guest did not let go: everything stays as it is.
  fail: () => undefined,
})

const detach = (call: Call) => {
  const server = foundServer(call)
  requireState(call, server, 'detach_interface', changeable)
  noteAction(call, server.id, 'detach_interface')
  call.context.lifecycle.start(detachInterface, server.id, { portId: call.param('port_id') })
  return accepted()
}

const path = '/servers/:server_id/os-interface'

/** https://docs.openstack.org/api-ref/compute/#port-interfaces-servers-os-interface */
export const interfaceRoutes: readonly Route[] = [
  { method: 'GET', path, operation: 'interfaces.list', handle: list },
  { method: 'POST', path, operation: 'interfaces.create', handle: attach },
  { method: 'GET', path: `${path}/:port_id`, operation: 'interfaces.show', handle: show },
  { method: 'DELETE', path: `${path}/:port_id`, operation: 'interfaces.delete', handle: detach },
]
