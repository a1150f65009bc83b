import type { ServiceClient } from '../../http/service-client.ts'

export interface Interface {
  readonly port_id: string
  readonly net_id: string
  readonly mac_addr: string
  readonly port_state: string
  readonly fixed_ips: readonly { readonly subnet_id: string; readonly ip_address: string }[]
}

/** NICs of a server. https://docs.openstack.org/api-ref/compute/#port-interfaces-servers-os-interface */
export const interfaces = (client: ServiceClient) => {
  const path = (serverId: string): string => `servers/${encodeURIComponent(serverId)}/os-interface`
  return {
    list: (serverId: string) => client.pages<Interface>(path(serverId), {}, { key: 'interfaceAttachments' }),
    delete: (serverId: string, portId: string) =>
      client.delete(`${path(serverId)}/${encodeURIComponent(portId)}`, { expect: 202 }),
  }
}
