import type { ServiceClient } from '../../http/service-client.ts'

export interface Flavor {
  readonly id: string
  readonly name: string
  readonly vcpus: number
  /** MiB. */
  readonly ram: number
  /** GiB. */
  readonly disk: number
  /** MiB; `""` for none. */
  readonly swap: number | ''
  /** GiB. */
  readonly 'OS-FLV-EXT-DATA:ephemeral': number
  readonly 'OS-FLV-DISABLED:disabled'?: boolean
  readonly 'os-flavor-access:is_public'?: boolean
}

export interface FlavorQuery {
  /** MiB. */
  readonly minRam?: number
  /** GiB. */
  readonly minDisk?: number
}

/** Nova flavors. https://docs.openstack.org/api-ref/compute/#flavors */
export const flavors = (client: ServiceClient) => ({
  /** By id; Nova has no filter by name. */
  show: (id: string) => client.get<Flavor>(`flavors/${encodeURIComponent(id)}`, { pick: 'flavor' }),
  list: (query: FlavorQuery = {}) => client.pages<Flavor>('flavors/detail', { ...query }, { key: 'flavors' }),
})
