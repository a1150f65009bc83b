import type { ServiceClient } from '../../http/service-client.ts'
import { extensions } from './extensions.ts'
import { floatingIps } from './floating-ips.ts'
import { networks } from './networks.ts'
import { ports } from './ports.ts'
import { quotas } from './quotas.ts'
import { routers } from './routers.ts'
import { securityGroups } from './security-groups.ts'
import { subnets } from './subnets.ts'

/** Neutron. https://docs.openstack.org/api-ref/network/v2/ */
export const network = (client: ServiceClient) => ({
  networks: networks(client),
  subnets: subnets(client),
  ports: ports(client),
  floatingIps: floatingIps(client),
  securityGroups: securityGroups(client),
  routers: routers(client),
  extensions: extensions(client),
  quotas: quotas(client),
})

export type Network = ReturnType<typeof network>
