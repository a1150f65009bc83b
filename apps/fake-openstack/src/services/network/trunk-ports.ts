import type { Call } from '../../kernel/call.ts'
import { neutronError } from './neutron-errors.ts'
import { type PortRecord, ports, type TrunkRecord, trunks } from './records.ts'

/** The trunk whose parent a port is, or undefined. */
export const trunkOfParent = (call: Call, portId: string): TrunkRecord | undefined =>
  call.store.of(trunks).find({ parent: portId })

/** The trunk whose subport a port is, or undefined. */
export const trunkOfSubport = (call: Call, portId: string): TrunkRecord | undefined =>
  call.store.of(trunks).find({ subport: portId })

/** What a port that is a parent shows of its trunk. */
export const trunkDetails = (call: Call, port: PortRecord): Readonly<Record<string, unknown>> => {
  const trunk = trunkOfParent(call, port.id)
  if (!trunk) return {}
  const sub_ports = trunk.sub_ports.map(({ port_id, segmentation_id, segmentation_type }) => ({
    ...{ segmentation_id, segmentation_type, port_id },
    mac_address: call.store.of(ports).get(port_id)?.mac_address,
  }))
  return { trunk_details: { trunk_id: trunk.id, sub_ports } }
}

/** Refuses the deletion of a port of a trunk. */
export const checkNotInTrunk = (call: Call, { id }: PortRecord): void => {
  const [asParent, asSubport] = [trunkOfParent(call, id), trunkOfSubport(call, id)]
  if (asParent) {
    const message = `Port ${id} is currently a parent port for trunk ${asParent.id}.`
    throw neutronError(409, 'PortInUseAsTrunkParent', message)
  }
  if (asSubport) {
    const message = `Port ${id} is currently a subport for trunk ${asSubport.id}.`
    throw neutronError(409, 'PortInUseAsSubPort', message)
  }
}
