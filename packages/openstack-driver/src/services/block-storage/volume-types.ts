import { collect, type ServiceClient } from '../../http/service-client.ts'

export interface VolumeType {
  readonly id: string
  readonly name: string
  readonly extra_specs?: Readonly<Record<string, string>>
}

/** Cinder volume types. https://docs.openstack.org/api-ref/block-storage/v3/#volume-types-types */
export const volumeTypes = (client: ServiceClient) => ({
  /** Cinder speaks of `volume_types` and links their pages by `volume_type_links`. */
  list: () => collect(client.pages<VolumeType>('types', {}, { key: 'volume_types', linksKey: 'volume_type_links' })),
  show: (id: string) => client.get<VolumeType>(`types/${encodeURIComponent(id)}`, { pick: 'volume_type' }),
})
