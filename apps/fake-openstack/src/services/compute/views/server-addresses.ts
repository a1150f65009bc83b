import type { CloudContext } from '../../../kernel/cloud-context.ts'
import { portsOfDevice } from '../../network/port-operations.ts'
import { floatingIps, networks, type PortRecord } from '../../network/records.ts'
import type { ServerRecord } from '../records.ts'

interface ServerAddress {
  version: 4 | 6
  addr: string
  'OS-EXT-IPS:type': 'fixed' | 'floating'
  'OS-EXT-IPS-MAC:mac_addr': string
}

/** Ports of a server in the order of its network connections; others that name it as device come last. */
export const portsOfServer = (context: CloudContext, server: ServerRecord): PortRecord[] => {
  const ofDevice = portsOfDevice(context, server.id)
  if (ofDevice.length < 2) return ofDevice
  const inOrder = server.nics.flatMap((nic) => ofDevice.find((port) => port.id === nic.port_id) ?? [])
  return [...inOrder, ...ofDevice.filter((port) => !inOrder.includes(port))]
}

/** A server's addresses by network name; none while it is being built. */
export const addressesOf = (context: CloudContext, server: ServerRecord): Record<string, ServerAddress[]> =>
  server.vm_state === 'building' ? {} : addressesOfPorts(context, portsOfServer(context, server))

/** Addresses by network name; a floating address follows the fixed one that it leads to. */
export const addressesOfPorts = (
  context: CloudContext,
  ports: readonly PortRecord[],
): Record<string, ServerAddress[]> => {
  const all: Record<string, ServerAddress[]> = {}
  for (const port of ports) {
    const network = context.store.of(networks).get(port.network_id)?.name ?? ''
    all[network] ??= []
    all[network].push(...addressesOfPort(context, port))
  }
  return all
}

const addressesOfPort = (context: CloudContext, port: PortRecord): ServerAddress[] => {
  const floating = context.store.of(floatingIps).where({ port: port.id })
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
