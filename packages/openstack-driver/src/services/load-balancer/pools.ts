import type { ServiceClient } from '../../http/service-client.ts'

export interface Pool {
  readonly id: string
  readonly name: string
  readonly protocol: string
  readonly provisioning_status?: string
  readonly project_id?: string
  /** Absent in old APIs: go by `listeners`. */
  readonly loadbalancers?: readonly { readonly id: string }[]
  readonly listeners?: readonly { readonly id: string }[]
  readonly members: readonly { readonly id: string }[]
}

/** Octavia pools. https://docs.openstack.org/api-ref/load-balancer/v2/#pools */
export const pools = (client: ServiceClient) => ({
  show: (id: string) => client.get<Pool>(`pools/${encodeURIComponent(id)}`, { pick: 'pool' }),
  list: (query: { readonly name?: string; readonly project_id?: string } = {}) =>
    client.pages<Pool>('pools', { ...query }, { key: 'pools' }),
})

export interface Member {
  readonly id: string
  readonly address: string
  readonly protocol_port: number
  readonly subnet_id?: string | null
  readonly monitor_port?: number | null
  readonly provisioning_status?: string
  readonly name?: string
  readonly created_at?: string
}

export interface MemberCreate {
  readonly address: string
  readonly protocol_port: number
  readonly subnet_id: string
  readonly monitor_port?: number
  /** For operators; not unique. */
  readonly name?: string
}

/** Octavia pool members. https://docs.openstack.org/api-ref/load-balancer/v2/#members */
export const members = (client: ServiceClient) => {
  const path = (poolId: string): string => `pools/${encodeURIComponent(poolId)}/members`
  return {
    /** Address, port and subnet are unique in the pool. */
    create: (poolId: string, member: MemberCreate) =>
      client.post<Member>(path(poolId), { member }, { expect: 201, pick: 'member', repeat: 'lookup' }),
    list: (poolId: string) => client.pages<Member>(path(poolId), {}, { key: 'members' }),
    delete: (poolId: string, memberId: string) =>
      client.delete(`${path(poolId)}/${encodeURIComponent(memberId)}`, { expect: 204 }),
  }
}

export interface Listener {
  readonly id: string
  readonly loadbalancers: readonly { readonly id: string }[]
}

/** Octavia listeners. https://docs.openstack.org/api-ref/load-balancer/v2/#listeners */
export const listeners = (client: ServiceClient) => ({
  show: (id: string) => client.get<Listener>(`listeners/${encodeURIComponent(id)}`, { pick: 'listener' }),
})
