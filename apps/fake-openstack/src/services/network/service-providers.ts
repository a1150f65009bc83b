import type { Call } from '../../kernel/call.ts'
import { ok } from '../../kernel/reply.ts'
import { onlyFields } from './list.ts'

const routerProviders = ['dvrha', 'dvr', 'ha', 'single_node']

/** https://docs.openstack.org/api-ref/network/v2/#list-service-providers */
export const listServiceProviders = (call: Call) => {
  const all = routerProviders.map((name) => ({ service_type: 'L3_ROUTER_NAT', name, default: false }))
  const wanted = [...call.query].filter(([key]) => ['name', 'service_type', 'default'].includes(key))
  // Neutron compares with the text of the query, so that no provider has `default=false` either.
  const found = all.filter((one) =>
    wanted.every(([key, value]) => new Map<string, unknown>(Object.entries(one)).get(key) === value),
  )
  return ok({ service_providers: found.map((one) => onlyFields(call, one)) })
}
