import * as z from 'zod/mini'
import { answerReader, readEach } from '../../http/read-answer.ts'
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

/**
 * Without the extension that tells the size of the ephemeral disk there counts as none: the agent then parts the root disk,
 * which is right for any flavor.
 */
const readFlavor = answerReader<Flavor>('flavor', () =>
  z.looseObject({
    'OS-FLV-EXT-DATA:ephemeral': z.pipe(
      z.optional(z.nullable(z.number())),
      z.transform((gib) => gib ?? 0),
    ),
  }),
)

/** Nova flavors. https://docs.openstack.org/api-ref/compute/#flavors */
export const flavors = (client: ServiceClient) => ({
  /** By id; Nova has no filter by name. */
  show: async (id: string) => readFlavor(await client.get(`flavors/${encodeURIComponent(id)}`, { pick: 'flavor' })),
  list: (query: FlavorQuery = {}) =>
    readEach(client.pages('flavors/detail', { ...query }, { key: 'flavors' }), readFlavor),
})
