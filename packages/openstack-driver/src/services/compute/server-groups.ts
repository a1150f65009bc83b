import type { ServiceClient } from '../../http/service-client.ts'

export interface ServerGroup {
  readonly id: string
  readonly name: string
  /** Up to 2.63. */
  readonly policies?: readonly string[]
  /** From 2.64. */
  readonly policy?: string
  readonly members: readonly string[]
}

export interface ServerGroupCreate {
  readonly name: string
  readonly policies: readonly string[]
}

/** Nova server groups. https://docs.openstack.org/api-ref/compute/#server-groups-os-server-groups */
export const serverGroups = (client: ServiceClient) => ({
  /**
   * Names are not unique: a caller that lost a race finds several afterwards.
   * @param microversion `2.15` for the soft policies
   */
  create: (group: ServerGroupCreate, microversion?: string) =>
    client.post<ServerGroup>(
      'os-server-groups',
      { server_group: group },
      { expect: 200, pick: 'server_group', repeat: 'lookup', ...(microversion === undefined ? {} : { microversion }) },
    ),
  show: (id: string) => client.get<ServerGroup>(`os-server-groups/${encodeURIComponent(id)}`, { pick: 'server_group' }),
  /** Oldest first, as Nova sorts by row id. This list has no next links; it is paged by `offset`. */
  list: () => client.pages<ServerGroup>('os-server-groups', {}, { key: 'server_groups', style: 'offset' }),
  delete: (id: string) => client.delete(`os-server-groups/${encodeURIComponent(id)}`, { expect: 204 }),
})
