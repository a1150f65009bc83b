import * as z from 'zod/mini'
import { firstPollsMs } from '../../http/first-polls.ts'
import { foundOrUndefined } from '../../http/openstack-error.ts'
import { answerReader, metadata, readEach } from '../../http/read-answer.ts'
import type { ServiceClient } from '../../http/service-client.ts'
import { done, failed, type Pace, waitFor, waiting } from '../../http/waiter.ts'

export interface Volume {
  readonly id: string
  readonly name: string | null
  readonly description: string | null
  /** `creating`, `available`, `reserved`, `attaching`, `in-use`, `detaching`, `deleting`, `error…`, … */
  readonly status: string
  /** GiB. */
  readonly size: number
  readonly availability_zone?: string
  readonly volume_type: string | null
  /** `"true"` or `"false"`. */
  readonly bootable: string
  readonly multiattach: boolean
  readonly encrypted?: boolean
  readonly metadata: Readonly<Record<string, string>>
  readonly snapshot_id: string | null
  readonly migration_status?: string | null
  readonly created_at: string
  readonly attachments: readonly {
    readonly id: string
    readonly attachment_id: string
    readonly volume_id: string
    readonly server_id: string
    readonly device: string | null
    /** ISO time without zone, UTC; absent or null while the attachment is under way. */
    readonly attached_at?: string | null
  }[]
}

export interface VolumeCreate {
  readonly name: string
  readonly description?: string
  /** GiB. */
  readonly size: number
  readonly volume_type?: string
  readonly availability_zone?: string
  readonly metadata?: Readonly<Record<string, string>>
  /** Makes a bootable volume. */
  readonly imageRef?: string
}

export interface VolumeQuery {
  readonly name?: string
  readonly status?: string
}

/** What decides about a volume. Some clouds leave out, or answer as null, what is empty. */
const volumeShape = () => ({
  id: z.string(),
  metadata,
  attachments: z.pipe(
    z.optional(z.nullable(z.array(z.nullable(z.looseObject({ server_id: z.optional(z.nullable(z.string())) }))))),
    z.transform((given) => (given ?? []).filter((attachment) => typeof attachment?.server_id === 'string')),
  ),
})
const readListed = answerReader<Volume>('volume', () => z.looseObject(volumeShape()))
const readShown = answerReader<Volume>('volume', () => z.looseObject({ ...volumeShape(), status: z.string() }))

const listed = (client: ServiceClient, query: VolumeQuery): AsyncIterable<Volume> =>
  readEach(client.pages('volumes/detail', { ...query }, { key: 'volumes' }), readListed)

/** Cinder volumes. https://docs.openstack.org/api-ref/block-storage/v3/#volumes-volumes */
export const volumes = (client: ServiceClient) => {
  const path = (id: string): string => `volumes/${encodeURIComponent(id)}`
  const remove = (id: string): Promise<void> => client.delete(path(id), { expect: 202 })
  const action = (id: string, body: Readonly<Record<string, unknown>>, microversion?: string): Promise<void> =>
    client.post(`${path(id)}/action`, body, {
      expect: 202,
      repeat: 'lookup',
      ...(microversion === undefined ? {} : { microversion }),
    })

  return {
    /** @param hints sent as `OS-SCH-HNT:scheduler_hints` */
    create: (volume: VolumeCreate, hints?: Readonly<Record<string, unknown>>) =>
      client.post<Volume>(
        'volumes',
        { volume, ...(hints === undefined ? {} : { 'OS-SCH-HNT:scheduler_hints': hints }) },
        { expect: 202, pick: 'volume', repeat: 'lookup' },
      ),
    show: async (id: string) => readShown(await client.get(path(id), { pick: 'volume' })),
    list: (query: VolumeQuery = {}) => listed(client, query),
    delete: remove,
    /** @param newSizeGiB of an in-use volume: needs 3.42, pass it as `microversion` */
    extend: (id: string, newSizeGiB: number, microversion?: string) =>
      action(id, { 'os-extend': { new_size: newSizeGiB } }, microversion),
    retype: (id: string, newType: string, migrationPolicy: 'on-demand' | 'never') =>
      action(id, { 'os-retype': { new_type: newType, migration_policy: migrationPolicy } }),
    /** Merges: keys not named stay. */
    setMetadata: (id: string, metadata: Readonly<Record<string, string>>) =>
      client.post<Record<string, string>>(
        `${path(id)}/metadata`,
        { metadata },
        { expect: 200, pick: 'metadata', repeat: 'safe' },
      ),
  }
}

export type Volumes = ReturnType<typeof volumes>

/**
 * Waits until the volume is `target` (driver spec §3.6). States that start with `error` fail.
 * @param isReady what else must hold, for example that an attachment names our server
 * @param isLost states that mean the wanted one will not come, for example back to `available` during an attach
 */
export const waitForVolume = (
  volumes: Volumes,
  id: string,
  target: 'available' | 'in-use',
  pace: Pace,
  {
    isReady,
    isLost,
    isJustMade,
    firstPollMs,
  }: {
    readonly isReady?: (volume: Volume) => boolean
    readonly isLost?: (volume: Volume) => string | undefined
    /** The call made the volume a moment ago: it may not be visible yet. */
    readonly isJustMade?: boolean
    /** Of the table of first polls. */
    readonly firstPollMs?: number
  } = {},
): Promise<Volume> =>
  waitFor<Volume, Volume>(pace, {
    what: `Volume \`${id}'`,
    target,
    ...(isJustMade === true ? { isJustMade } : {}),
    ...(firstPollMs === undefined ? {} : { firstPollMs }),
    poll: () => foundOrUndefined(volumes.show(id)),
    state: (volume) => volume.status.toLowerCase(),
    classify: (volume, state) => {
      if (state.startsWith('error')) return failed()
      if (state === target && (isReady?.(volume) ?? true)) return done(volume)
      const lost = isLost?.(volume)
      return lost === undefined ? waiting : failed(lost)
    },
  })

/** Waits until the volume is gone; `error_deleting` fails. */
export const waitForVolumeDeleted = (volumes: Volumes, id: string, pace: Pace): Promise<void> =>
  waitFor<Volume, void>(pace, {
    what: `Volume \`${id}'`,
    target: 'deleted',
    firstPollMs: firstPollsMs.volumeDeleted,
    poll: () => foundOrUndefined(volumes.show(id)),
    state: (volume) => volume.status.toLowerCase(),
    classify: (_, state) => (state === 'error_deleting' ? failed() : waiting),
    whenGone: () => undefined,
  })
