import { collect, type ServiceClient } from '../../http/service-client.ts'

export interface VolumeType {
  readonly id: string
  readonly name: string
  readonly extra_specs?: Readonly<Record<string, string>>
}

/** Cinder volume types. https://docs.openstack.org/api-ref/block-storage/v3/#volume-types-types */
export const volumeTypes = (client: ServiceClient) => ({
  list: () => collect(client.pages<VolumeType>('types', {}, { key: 'volume_types' })),
  show: (id: string) => client.get<VolumeType>(`types/${encodeURIComponent(id)}`, { pick: 'volume_type' }),
})
