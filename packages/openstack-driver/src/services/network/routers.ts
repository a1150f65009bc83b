import type { ServiceClient } from '../../http/service-client.ts'

export interface Router {
  readonly id: string
  readonly name: string
  readonly status: string
}

/** Neutron routers. https://docs.openstack.org/api-ref/network/v2/#routers-routers */
export const routers = (client: ServiceClient) => {
  const path = (id: string): string => `routers/${encodeURIComponent(id)}`
  return {
    show: (id: string) => client.get<Router>(path(id), { pick: 'router' }),
    addInterface: (id: string, subnetId: string) =>
      client.put<{ readonly port_id: string }>(
        `${path(id)}/add_router_interface`,
        { subnet_id: subnetId },
        // A second one is refused with "already has a port on subnet": the caller looks instead.
        { expect: 200, repeat: 'lookup' },
      ),
    /** 404 when the subnet has no interface on this router. */
    removeInterface: (id: string, subnetId: string) =>
      client.put<{ readonly port_id: string }>(
        `${path(id)}/remove_router_interface`,
        { subnet_id: subnetId },
        { expect: 200 },
      ),
  }
}
