import type { ServiceClient } from '../../http/service-client.ts'
import { images } from './images.ts'

/** Glance. https://docs.openstack.org/api-ref/image/v2/ */
export const image = (client: ServiceClient) => ({ images: images(client) })

export type Image = ReturnType<typeof image>
