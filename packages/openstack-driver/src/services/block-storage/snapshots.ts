import { firstPollsMs } from '../../http/first-polls.ts'
import { foundOrUndefined } from '../../http/openstack-error.ts'
import type { ServiceClient } from '../../http/service-client.ts'
import { done, failed, type Pace, waitFor, waiting } from '../../http/waiter.ts'

export interface Snapshot {
  readonly id: string
  readonly name: string | null
  readonly description: string | null
  readonly volume_id: string
  readonly status: string
  /** GiB. */
  readonly size: number
  readonly metadata: Readonly<Record<string, string>>
  readonly created_at: string
}

export interface SnapshotCreate {
  readonly volume_id: string
  readonly name: string
  readonly description?: string
  /** Also of a volume in use; refused from 3.66, which needs none. */
  readonly force?: boolean
  readonly metadata?: Readonly<Record<string, string>>
}

export interface SnapshotQuery {
  readonly name?: string
  readonly volume_id?: string
}

const listed = (client: ServiceClient, query: SnapshotQuery): AsyncIterable<Snapshot> =>
  client.pages('snapshots/detail', { ...query }, { key: 'snapshots' })

/** Cinder snapshots. https://docs.openstack.org/api-ref/block-storage/v3/#volume-snapshots-snapshots */
export const snapshots = (client: ServiceClient) => {
  const path = (id: string): string => `snapshots/${encodeURIComponent(id)}`
  const remove = (id: string): Promise<void> => client.delete(path(id), { expect: 202 })

  return {
    create: (snapshot: SnapshotCreate) =>
      client.post<Snapshot>('snapshots', { snapshot }, { expect: 202, pick: 'snapshot', repeat: 'lookup' }),
    show: (id: string) => client.get<Snapshot>(path(id), { pick: 'snapshot' }),
    list: (query: SnapshotQuery = {}) => listed(client, query),
    delete: remove,
    /** Merges: keys not named stay. */
    setMetadata: (id: string, metadata: Readonly<Record<string, string>>) =>
      client.post<Record<string, string>>(
        `${path(id)}/metadata`,
        { metadata },
        { expect: 200, pick: 'metadata', repeat: 'safe' },
      ),
  }
}

export type Snapshots = ReturnType<typeof snapshots>

/** Waits until the snapshot is `available`; states that start with `error` fail (driver spec §3.6). */
export const waitForSnapshot = (snapshots: Snapshots, id: string, pace: Pace): Promise<Snapshot> =>
  waitFor<Snapshot, Snapshot>(pace, {
    what: `Snapshot \`${id}'`,
    target: 'available',
    firstPollMs: firstPollsMs.snapshotCreated,
    isJustMade: true,
    poll: () => foundOrUndefined(snapshots.show(id)),
    state: (snapshot) => snapshot.status.toLowerCase(),
    classify: (snapshot, state) => {
      if (state.startsWith('error')) return failed()
      return state === 'available' ? done(snapshot) : waiting
    },
  })

/** Waits until the snapshot is gone; `error_deleting` fails. */
export const waitForSnapshotDeleted = (snapshots: Snapshots, id: string, pace: Pace): Promise<void> =>
  waitFor<Snapshot, void>(pace, {
    what: `Snapshot \`${id}'`,
    target: 'deleted',
    firstPollMs: firstPollsMs.snapshotDeleted,
    poll: () => foundOrUndefined(snapshots.show(id)),
    state: (snapshot) => snapshot.status.toLowerCase(),
    classify: (_, state) => (state === 'error_deleting' ? failed() : waiting),
    whenGone: () => undefined,
  })
