import { ApiError } from '../../kernel/api-error.ts'
import type { Failure } from '../../kernel/failure.ts'
import { defineLifecycle } from '../../kernel/lifecycle.ts'
import type { World } from '../../kernel/world.ts'
import { completeAttaching, reserveVolume } from '../block-storage/attaching.ts'
import { addVolume } from '../block-storage/creation.ts'
import { snapshots, volumes, volumeTypes } from '../block-storage/records.ts'
import { images } from '../image/records.ts'
import { nameDisks } from './device-names.ts'
import { type Disk, type ServerRecord, servers } from './records.ts'
import { placeServer } from './scheduling.ts'
import { noteEvent } from './server-actions-log.ts'
import { releaseDisks } from './server-disks.ts'
import { allocateNics, NetworkAllocationError, releaseNics, setNicStatus } from './server-nics.ts'

/** How long Nova waits for the volumes of a new server (`block_device_allocate_retries`). */
const volumesWithinMs = 180_000

const buildEvent = 'compute__do_build_and_run_instance'

/** What becomes of a server whose build failed: ERROR with a fault, ports and new volumes given back. */
const failed = (world: World, server: ServerRecord, message: string) => {
  const now = world.clock.now()
  const current = world.store.of(servers).get(server.id) ?? server
  const hasHost = current.host !== null
  if (hasHost) {
    releaseNics(world, current)
    releaseDisks(world, current)
    noteEvent(world, server.id, buildEvent, message)
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

/** Makes the volumes that a new server boots from or starts with; each is recorded at once. */
const makeVolumes = (world: World, server: ServerRecord): void => {
  for (const [i, disk] of server.disks.entries()) {
    if (disk.destination_type !== 'volume' || disk.volume_id !== null) continue
    const typeName = disk.volume_type?.toLowerCase()
    const volume = addVolume(world, {
      projectId: server.project_id,
      userId: server.user_id,
      name: '',
      description: '',
      size: disk.volume_size ?? undefined,
      availabilityZone: null,
      type: typeName === undefined ? undefined : world.store.of(volumeTypes).find({ name: typeName }),
      image: disk.image_id === null ? undefined : world.store.of(images).get(disk.image_id),
      snapshot: disk.snapshot_id === null ? undefined : world.store.of(snapshots).get(disk.snapshot_id),
    })
    const made = { ...disk, volume_id: volume.id }
    world.store.of(servers).update(server.id, ({ disks }) => ({ disks: disks.with(i, made) }))
  }
}

/** `ready` when all volumes can be attached; a volume that failed or vanished is named. */
const volumesState = (world: World, disks: readonly Disk[]): 'ready' | 'pending' | { lost: string } => {
  let isPending = false
  for (const disk of disks) {
    if (disk.volume_id === null || disk.attachment_id !== null) continue
    const status = world.store.of(volumes).get(disk.volume_id)?.status ?? 'error'
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
      apply: (server, { world }) => {
        const placement = placeServer(world, server)
        if ('refusal' in placement) return stopWith(world, server, placement.refusal)
        return { host: placement.host, task_state: null, updated_at: world.clock.now() }
      },
    },
    {
      name: 'networking',
      afterMs: 40,
      apply: (server, { world }) => {
        try {
          allocateNics(world, server)
          return { task_state: 'networking', updated_at: world.clock.now() }
        } catch (error) {
          if (!(error instanceof NetworkAllocationError)) throw error
          return stopWith(
            world,
            server,
            aborted(server, `Failed to allocate the network(s), not rescheduling. ${error.message}`),
          )
        }
      },
    },
    {
      name: 'block-device-mapping',
      afterMs: 20,
      apply: (server, { world }) => {
        if (server.disks.every((disk) => disk.destination_type === 'local')) return {}
        try {
          makeVolumes(world, server)
          return { task_state: 'block_device_mapping', updated_at: world.clock.now() }
        } catch (error) {
          if (!(error instanceof ApiError)) throw error
          return stopWith(world, server, aborted(server, error.message))
        }
      },
    },
    {
      name: 'spawning',
      afterMs: 40,
      apply: (server, { world }) => {
        const state = volumesState(world, server.disks)
        if (typeof state === 'object') {
          const problem = `Volume ${state.lost} did not finish being created. Its status is error.`
          return stopWith(world, server, aborted(server, problem))
        }
        if (state === 'pending') {
          if (world.clock.now() - server.created_at < volumesWithinMs) return 'again'
          return stopWith(world, server, aborted(server, 'The volumes did not become available in time.'))
        }
        const disks = nameDisks(world, server.disks).map((disk) => reserved(world, server, disk))
        return { disks, root_device_name: rootName(disks), task_state: 'spawning', updated_at: world.clock.now() }
      },
    },
    {
      name: 'active',
      afterMs: 160,
      apply: (server, { world }) => {
        for (const disk of server.disks) {
          if (disk.attachment_id !== null) completeAttaching(world, disk.attachment_id, disk.device_name)
        }
        setNicStatus(world, server, 'ACTIVE')
        noteEvent(world, server.id, buildEvent)
        const now = world.clock.now()
        return { vm_state: 'active' as const, task_state: null, power_state: 1, launched_at: now, updated_at: now }
      },
    },
  ],
  // A rule may also leave the server where it is: any other state than ERROR is a build that never ends.
  fail: (server, failure, { world }) => (failure.to === 'ERROR' ? failed(world, server, wordsOf(failure)) : undefined),
})

const wordsOf = ({ message }: Failure): string =>
  message || 'No valid host was found. There are not enough hosts available.'

const stopWith = (world: World, server: ServerRecord, message: string): 'stop' => {
  world.store.of(servers).update(server.id, failed(world, server, message))
  return 'stop'
}

const aborted = (server: ServerRecord, reason: string): string => `Build of instance ${server.id} aborted: ${reason}`

const rootName = (disks: readonly Disk[]): string | null =>
  disks.find((disk) => disk.boot_index === 0)?.device_name ?? null

const reserved = (world: World, server: ServerRecord, disk: Disk): Disk => {
  const volume = disk.volume_id === null ? undefined : world.store.of(volumes).get(disk.volume_id)
  if (!volume || disk.attachment_id !== null) return disk
  return { ...disk, attachment_id: reserveVolume(world, volume, server.id).id }
}
