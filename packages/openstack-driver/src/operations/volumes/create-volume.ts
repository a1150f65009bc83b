import type { JsonObject } from '@openstack-cpi/cpi-core'
import type { DriverContext } from '../../driver-context.ts'
import { collect } from '../../http/service-client.ts'
import { isNamed } from '../../planning/ownership.ts'
import type { Rollback } from '../../rollback.ts'
import type { Volume, VolumeCreate } from '../../services/block-storage/volumes.ts'
import { createRecognisable } from '../ambiguous-request.ts'
import { discardVolume } from './delete-volume.ts'

/**
 * Creates a volume with a unique name; it is removed again if the call fails. Does not wait until it is available.
 * @param kind for log and messages: `volume`, `boot volume`
 * @param hints sent as `OS-SCH-HNT:scheduler_hints`
 */
export function createVolume(
  ctx: DriverContext,
  rollback: Rollback,
  kind: string,
  wanted: VolumeCreate,
  hints?: JsonObject,
): Promise<Volume> {
  return createRecognisable(ctx, rollback, {
    what: `${kind} ${wanted.name}`,
    label: ({ id }) => `${kind} ${id}`,
    create: ({ services }) => services.blockStorage.volumes.create(wanted, hints),
    find: async ({ services }) =>
      (await collect(services.blockStorage.volumes.list({ name: wanted.name }))).filter(isNamed(wanted.name)),
    remove: (cleanup, { id }) => discardVolume(cleanup, id),
  })
}
