import type { World } from '../../kernel/world.ts'
import { portsOfDevice } from '../network/port-keeping.ts'
import { floatingIps, networks, type PortRecord, ports } from '../network/records.ts'
import type { ServerRecord } from './records.ts'

export interface ServerAddress {
  version: 4 | 6
  addr: string
  'OS-EXT-IPS:type': 'fixed' | 'floating'
  'OS-EXT-IPS-MAC:mac_addr': string
}

/** Ports of a server in the order of its network connections; others that name it as device come last. */
export const portsOfServer = (world: World, server: ServerRecord): PortRecord[] => {
  const ofDevice = portsOfDevice(world, server.id)
  const inOrder = server.nics.flatMap((nic) => ofDevice.find((port) => port.id === nic.port_id) ?? [])
  return [...inOrder, ...ofDevice.filter((port) => !inOrder.includes(port))]
}

/** Addresses by network name; a floating address follows the fixed one that it leads to. */
export const addressesOf = (world: World, server: ServerRecord): Record<string, ServerAddress[]> => {
  const all: Record<string, ServerAddress[]> = {}
  if (server.vm_state === 'building') return all
  for (const port of portsOfServer(world, server)) {
    const network = world.store.of(networks).get(port.network_id)?.name ?? ''
    all[network] ??= []
    all[network].push(...addressesOfPort(world, port))
  }
  return all
}

const addressesOfPort = (world: World, port: PortRecord): ServerAddress[] => {
  const floating = world.store.of(floatingIps).where({ port: port.id })
  return port.fixed_ips.flatMap(({ ip_address }) => {
    const mac = port.mac_address
    const leadHere = floating.filter((one) => one.fixed_ip_address === ip_address)
    return [entry(ip_address, 'fixed', mac), ...leadHere.map((one) => entry(one.floating_ip_address, 'floating', mac))]
  })
}

const entry = (addr: string, kind: 'fixed' | 'floating', mac: string): ServerAddress => ({
  version: addr.includes(':') ? 6 : 4,
  addr,
  'OS-EXT-IPS:type': kind,
  'OS-EXT-IPS-MAC:mac_addr': mac,
})

/** True when a port of the server still exists and is the server's. */
export const hasPort = (world: World, server: ServerRecord, portId: string): boolean =>
  world.store.of(ports).get(portId)?.device_id === server.id
