import { collect, type ServiceClient } from '../../http/service-client.ts'

export interface Extension {
  readonly alias: string
  readonly name: string
}

/** Neutron extensions. https://docs.openstack.org/api-ref/network/v2/#extensions */
export const extensions = (client: ServiceClient) => ({
  list: () => collect(client.pages<Extension>('extensions', {}, { key: 'extensions' })),
})
