import type { Call } from '../../kernel/call.ts'
import { isObject } from '../../kernel/json-schema.ts'
import { pythonRepr } from '../../kernel/python-repr.ts'
import { ok } from '../../kernel/reply.ts'
import { isUuidLike } from '../../kernel/schema-formats.ts'
import type { Route } from '../../kernel/service.ts'
import { isoSeconds } from '../../kernel/time-format.ts'
import type { Body } from './attribute.ts'
import { internalError, neutronError } from './neutron-errors.ts'
import { portResource } from './ports.ts'
import { networks, type PortRecord, type Subport, type TrunkRecord, trunks } from './records.ts'
import { changesOf, newRecord, visible } from './resource.ts'
import type { StoredObjects } from './stored-objects.ts'
import { trunkOfParent, trunkOfSubport } from './trunk-ports.ts'

const invalid = (reason: string) => neutronError(400, 'InvalidInput', `Invalid input for operation: ${reason}.`)

const view = (trunk: TrunkRecord) => ({
  admin_state_up: trunk.admin_state_up,
  id: trunk.id,
  project_id: trunk.project_id,
  name: trunk.name,
  port_id: trunk.port_id,
  status: 'DOWN',
  sub_ports: trunk.sub_ports,
  revision_number: trunk.revision_number,
  description: trunk.description,
  created_at: isoSeconds(trunk.created_at),
  updated_at: isoSeconds(trunk.updated_at),
  tenant_id: trunk.project_id,
  tags: trunk.tags,
})

/** Refuses a port that a trunk has. */
const checkFree = (call: Call, { id }: PortRecord): void => {
  if (trunkOfSubport(call, id)) {
    throw neutronError(409, 'TrunkPortInUse', `Port ${id} is in use by another trunk.`)
  }
  if (trunkOfParent(call, id)) throw parentInUse(id)
}

const parentInUse = (id: string) => {
  const message = `Port ${id} is currently in use and is not eligible for use as a parent port.`
  return neutronError(409, 'ParentPortInUse', message)
}

/** A bound port is no parent: only some drivers could make it one. */
const checkParent = (call: Call, portId: string): void => {
  const port = visible(call, portResource, portId)
  checkFree(call, port)
  if (port['binding:host_id'] !== '') throw parentInUse(portId)
}

/** What a body says of one subport, before anything is looked up. */
const readSubport = (call: Call, raw: unknown): Subport => {
  const asked = isObject(raw) ? raw : {}
  const { port_id, segmentation_type: type, segmentation_id: number } = asked
  if (typeof port_id !== 'string' || port_id === '') throw invalid('A valid port UUID must be specified')
  if (!isUuidLike(port_id)) throw invalid(`Invalid UUID for subport: '${port_id}'`)
  if (type === 'inherit') throw invalid(`Unknown segmentation_type '${typeOfNetwork(call, port_id)}'`)
  if (type === undefined || number === undefined) {
    throw invalid(
      `Invalid subport details '${pythonRepr(asked)}': missing segmentation information. Must specify both segmentation_id and segmentation_type`,
    )
  }
  if (type !== 'vlan') throw invalid(`Unknown segmentation_type '${type}'`)
  const segmentation_id = Number(number)
  if (!Number.isInteger(segmentation_id)) throw invalid(`Invalid segmentation_id '${number}'`)
  if (segmentation_id < 1 || segmentation_id > 4094) throw invalid(`Segmentation ID '${number}' is not in range`)
  return { port_id, segmentation_type: 'vlan', segmentation_id }
}

/** The kind of network that a subport would inherit, which none of the drivers can be given. */
const typeOfNetwork = (call: Call, portId: string): string => {
  const port = visible(call, portResource, portId)
  return call.store.of(networks).get(port.network_id)?.['provider:network_type'] ?? ''
}

const checkSubport = (call: Call, subport: Subport): void => {
  const port = visible(call, portResource, subport.port_id)
  checkFree(call, port)
  if (port.device_id === '') return
  const where = `Unable to complete operation on port ${port.id} for network ${port.network_id}.`
  throw neutronError(409, 'PortInUse', `${where} Port already has an attached device ${port.device_id}.`)
}

/** The trunk's subports with some more, each with a number of its own. */
const withSubports = (trunkId: string, present: readonly Subport[], added: readonly Subport[]): readonly Subport[] => {
  const all = [...present]
  for (const one of added) {
    if (all.some(({ segmentation_id }) => segmentation_id === one.segmentation_id)) {
      const what = `segmentation_type vlan and segmentation_id ${one.segmentation_id}`
      throw neutronError(409, 'DuplicateSubPort', `${what} already in use on trunk ${trunkId}.`)
    }
    all.push(one)
  }
  return all
}

const seen = (call: Call, id: string): TrunkRecord | undefined => {
  const trunk = call.store.of(trunks).get(id)
  return trunk && (call.isAdmin || trunk.project_id === call.projectId) ? trunk : undefined
}

const found = (call: Call): TrunkRecord => {
  const trunk = seen(call, call.param('id'))
  if (!trunk) throw neutronError(404, 'TrunkNotFound', `Trunk ${call.param('id')} could not be found.`)
  return trunk
}

const changed = (call: Call, trunk: TrunkRecord, changes: Partial<TrunkRecord>) =>
  view(
    call.store
      .of(trunks)
      .update(trunk.id, { ...changes, updated_at: call.now, revision_number: trunk.revision_number + 1 }),
  )

/** Trunks: their owners see and change them. */
export const trunkObjects: StoredObjects = {
  all: (call) =>
    call.store
      .of(trunks)
      .where(call.isAdmin ? {} : { project: call.projectId })
      .map(view),
  find: (call, id) => {
    const trunk = seen(call, id)
    return trunk && view(trunk)
  },
  create: (call, body: Body) => {
    const port_id = body.get<string>('port_id') ?? ''
    checkParent(call, port_id)
    const added = (body.get<unknown[]>('sub_ports') ?? []).map((one) => readSubport(call, one))
    for (const one of added) checkSubport(call, one)
    const record = newRecord(call, body, 0)
    const trunk = call.store.of(trunks).insert({
      ...record,
      name: body.get<string>('name') ?? '',
      admin_state_up: body.get<boolean>('admin_state_up') ?? true,
      port_id,
      sub_ports: withSubports(record.id, [], added),
    })
    return view(trunk)
  },
  update: (call, id, body) => {
    const trunk = call.store.of(trunks).get(id)
    const changes = changesOf(body, ['name', 'description', 'admin_state_up'])
    if (!trunk) throw internalError()
    return changed(call, trunk, changes as Partial<TrunkRecord>) // its own attributes
  },
  remove: (call, id) => {
    call.store.of(trunks).delete(id)
  },
}

const askedSubports = (call: Call): unknown[] => {
  const body = call.rawJson
  const asked = isObject(body) ? body['sub_ports'] : undefined
  if (!Array.isArray(asked)) throw internalError()
  return asked
}

const checkEnabled = ({ id, admin_state_up }: TrunkRecord): void => {
  if (!admin_state_up) throw neutronError(409, 'TrunkDisabled', `Trunk ${id} is currently disabled.`)
}

const addSubports = (call: Call) => {
  const trunk = found(call)
  const added = askedSubports(call).map((one) => readSubport(call, one))
  checkEnabled(trunk)
  for (const one of added) checkSubport(call, one)
  return ok(changed(call, trunk, { sub_ports: withSubports(trunk.id, trunk.sub_ports, added) }))
}

const removeSubports = (call: Call) => {
  const trunk = found(call)
  const ids = askedSubports(call).map((one) => {
    const id = isObject(one) ? one['port_id'] : undefined
    if (typeof id !== 'string') throw invalid('A valid port UUID must be specified')
    return id
  })
  checkEnabled(trunk)
  const missing = ids.find((id) => !trunk.sub_ports.some(({ port_id }) => port_id === id))
  if (missing !== undefined) {
    throw neutronError(404, 'SubPortNotFound', `SubPort ${missing} on trunk ${trunk.id} could not be found.`)
  }
  return ok(changed(call, trunk, { sub_ports: trunk.sub_ports.filter(({ port_id }) => !ids.includes(port_id)) }))
}

const path = '/trunks/:id'

/** https://docs.openstack.org/api-ref/network/v2/#trunk-networking: the subports of a trunk. */
export const trunkSubportRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: `${path}/get_subports`,
    operation: 'trunks.list-subports',
    handle: (call) => ok({ sub_ports: found(call).sub_ports }),
  },
  { method: 'PUT', path: `${path}/add_subports`, operation: 'trunks.add-subports', handle: addSubports },
  { method: 'PUT', path: `${path}/remove_subports`, operation: 'trunks.remove-subports', handle: removeSubports },
]
