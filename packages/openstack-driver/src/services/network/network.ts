import type { ServiceClient } from '../../http/service-client.ts'
import { floatingIps } from './floating-ips.ts'
import { networks, routers, subnets } from './networks.ts'
import { ports } from './ports.ts'
import { securityGroups } from './security-groups.ts'

/** Neutron. https://docs.openstack.org/api-ref/network/v2/ */
export const network = (client: ServiceClient) => ({
  networks: networks(client),
  subnets: subnets(client),
  ports: ports(client),
  floatingIps: floatingIps(client),
  securityGroups: securityGroups(client),
  routers: routers(client),
  quotas: quotas(client),
})

export type Network = ReturnType<typeof network>

export interface QuotaDetail {
  /** -1 means unlimited. */
  readonly limit: number
  readonly used: number
  readonly reserved: number
}

/** Neutron quotas and their use. https://docs.openstack.org/api-ref/network/v2/#quotas-extension-quotas */
const quotas = (client: ServiceClient) => ({
  /** By resource, for example `port`. */
  details: (projectId: string) =>
    client.get<Readonly<Record<string, QuotaDetail>>>(`quotas/${encodeURIComponent(projectId)}/details.json`, {
      pick: 'quota',
    }),
})
