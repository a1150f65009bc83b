import { guestAfterBoot } from '../../../guest/guest-events.ts'
import { ApiError } from '../../../kernel/api-error.ts'
import type { CloudContext } from '../../../kernel/cloud-context.ts'
import type { Failure } from '../../../kernel/failure.ts'
import { defineLifecycle } from '../../../kernel/lifecycle.ts'
import { completeAttaching, reserveVolume } from '../../block-storage/attaching.ts'
import { addVolume } from '../../block-storage/creation.ts'
import { snapshots, volumes, volumeTypes } from '../../block-storage/records.ts'
import { images } from '../../image/records.ts'
import { type Disk, type ServerRecord, servers } from '../records.ts'
import { noteEvent } from '../server-actions-log.ts'
import { releaseDisks } from '../server-disks.ts'
import { allocateNics, NetworkAllocationError, releaseNics, setNicStatus } from '../server-nics.ts'
import { nameDisks } from './device-names.ts'
import { placeServer } from './scheduling.ts'

/** How long Nova waits for the volumes of a new server (`block_device_allocate_retries`). */
const volumesWithinMs = 180_000

const buildEvent = 'compute__do_build_and_run_instance'

/** What becomes of a server whose build failed: ERROR with a fault, ports and new volumes given back. */
const failed = (context: CloudContext, server: ServerRecord, message: string) => {
  const now = context.clock.now()
  const current = context.store.of(servers).get(server.id) ?? server
  const hasHost = current.host !== null
  if (hasHost) {
    releaseNics(context, current)
    releaseDisks(context, current)
    noteEvent(context, server.id, buildEvent, message)
  }
  return {
    vm_state: 'error' as const,
    task_state: null,
    power_state: 0,
    host: null,
    nics: current.nics.map((nic) => (nic.is_own_port ? { ...nic, port_id: null } : nic)),
    fault: { code: 500, message, details: `nova.exception: ${message}`, created_at: now },
    updated_at: now,
  }
}

/** Makes the volumes that a new server boots from or starts with; each is recorded immediately. */
const makeVolumes = (context: CloudContext, server: ServerRecord): void => {
  for (const [i, disk] of server.disks.entries()) {
    if (disk.destination_type !== 'volume' || disk.volume_id !== null) continue
    const typeName = disk.volume_type?.toLowerCase()
    const volume = addVolume(context, {
      projectId: server.project_id,
      userId: server.user_id,
      name: '',
      description: '',
      size: disk.volume_size ?? undefined,
      availabilityZone: null,
      type: typeName === undefined ? undefined : context.store.of(volumeTypes).find({ name: typeName }),
      image: disk.image_id === null ? undefined : context.store.of(images).get(disk.image_id),
      snapshot: disk.snapshot_id === null ? undefined : context.store.of(snapshots).get(disk.snapshot_id),
    })
    const made = { ...disk, volume_id: volume.id }
    context.store.of(servers).update(server.id, ({ disks }) => ({ disks: disks.with(i, made) }))
  }
}

/** `ready` when all volumes can be attached; a volume that failed or vanished is named. */
const volumesState = (context: CloudContext, disks: readonly Disk[]): 'ready' | 'pending' | { lost: string } => {
  let isPending = false
  for (const disk of disks) {
    if (disk.volume_id === null || disk.attachment_id !== null) continue
    const status = context.store.of(volumes).get(disk.volume_id)?.status ?? 'error'
    if (status.startsWith('error')) return { lost: disk.volume_id }
    if (status !== 'available') isPending = true
  }
  return isPending ? 'pending' : 'ready'
}

/** A new server: BUILD with task states scheduling, none, networking, block_device_mapping, spawning; then ACTIVE. */
export const buildServer = defineLifecycle({
  name: 'servers.build',
  collection: servers,
  steps: [
    {
      name: 'scheduled',
      afterMs: 40,
      apply: (server, { context }) => {
        const placement = placeServer(context, server)
        if ('refusal' in placement) return stopWith(context, server, placement.refusal)
        return { host: placement.host, task_state: null, updated_at: context.clock.now() }
      },
    },
    {
      name: 'networking',
      afterMs: 40,
      apply: (server, { context }) => {
        try {
          allocateNics(context, server)
          return { task_state: 'networking', updated_at: context.clock.now() }
        } catch (error) {
          if (!(error instanceof NetworkAllocationError)) throw error
          return stopWith(
            context,
            server,
            aborted(server, `Failed to allocate the network(s), not rescheduling. ${error.message}`),
          )
        }
      },
    },
    {
      name: 'block-device-mapping',
      afterMs: 20,
      apply: (server, { context }) => {
        if (server.disks.every((disk) => disk.destination_type === 'local')) return {}
        try {
          makeVolumes(context, server)
          return { task_state: 'block_device_mapping', updated_at: context.clock.now() }
        } catch (error) {
          if (!(error instanceof ApiError)) throw error
          return stopWith(context, server, aborted(server, error.message))
        }
      },
    },
    {
      name: 'spawning',
      afterMs: 40,
      apply: (server, { context }) => {
        const state = volumesState(context, server.disks)
        if (typeof state === 'object') {
          const problem = `Volume ${state.lost} did not finish being created. Its status is error.`
          return stopWith(context, server, aborted(server, problem))
        }
        if (state === 'pending') {
          if (context.clock.now() - server.created_at < volumesWithinMs) return 'again'
          return stopWith(context, server, aborted(server, 'The volumes did not become available in time.'))
        }
        const disks = nameDisks(context, server, server.disks).map((disk) => reserved(context, server, disk))
        return { disks, root_device_name: rootName(disks), task_state: 'spawning', updated_at: context.clock.now() }
      },
    },
    {
      name: 'active',
      afterMs: 160,
      apply: (server, { context }) => {
        for (const disk of server.disks) {
          if (disk.attachment_id !== null) completeAttaching(context, disk.attachment_id, disk.device_name)
        }
        setNicStatus(context, server, 'ACTIVE')
        noteEvent(context, server.id, buildEvent)
        const now = context.clock.now()
        const guest = guestAfterBoot(context, server, 'renewed')
        return {
          vm_state: 'active' as const,
          task_state: null,
          power_state: 1,
          guest,
          launched_at: now,
          updated_at: now,
        }
      },
    },
  ],
  // A rule may also leave the server where it is: any other state than ERROR is a build that never ends.
  fail: (server, failure, { context }) =>
    failure.to === 'ERROR' ? failed(context, server, wordsOf(failure)) : undefined,
})

const wordsOf = ({ message }: Failure): string =>
  message || 'No valid host was found. There are not enough hosts available.'

const stopWith = (context: CloudContext, server: ServerRecord, message: string): 'stop' => {
  context.store.of(servers).update(server.id, failed(context, server, message))
  return 'stop'
}

const aborted = (server: ServerRecord, reason: string): string => `Build of instance ${server.id} aborted: ${reason}`

const rootName = (disks: readonly Disk[]): string | null =>
  disks.find((disk) => disk.boot_index === 0)?.device_name ?? null

const reserved = (context: CloudContext, server: ServerRecord, disk: Disk): Disk => {
  const volume = disk.volume_id === null ? undefined : context.store.of(volumes).get(disk.volume_id)
  if (!volume || disk.attachment_id !== null) return disk
  return { ...disk, attachment_id: reserveVolume(context, volume, server.id).id }
}
