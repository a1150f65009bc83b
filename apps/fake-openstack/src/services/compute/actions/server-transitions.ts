import { guestAfterBoot } from '../../../guest/guest-events.ts'
import type { CloudContext } from '../../../kernel/cloud-context.ts'
import { defineLifecycle, type Lifecycle } from '../../../kernel/lifecycle.ts'
import { completeAttaching } from '../../block-storage/attaching.ts'
import { images } from '../../image/records.ts'
import { nameDisks } from '../create/device-names.ts'
import { placeServer } from '../create/scheduling.ts'
import { type ServerFlavor, type ServerRecord, servers } from '../records.ts'
import { disksOf } from '../server-disks.ts'
import { setNicStatus } from '../server-nics.ts'
import type { VmState } from '../views/server-status.ts'
import { completeImage } from './snapshot-image.ts'

interface Phase {
  /** Task state from then on; the last phase has none. */
  task: string
  afterMs: number
  /** Fields that change too. */
  also?: Partial<ServerRecord>
}

interface Ending {
  name: string
  afterMs: number
  apply: (
    server: ServerRecord,
    context: CloudContext,
    payload: Readonly<Record<string, unknown>>,
  ) => Partial<ServerRecord>
}

/** A change of state in phases: each sets a task state, the last one the new state. */
const transition = (verb: string, phases: readonly Phase[], ending: Ending): Lifecycle<ServerRecord> =>
  defineLifecycle({
    name: `servers.${verb}`,
    collection: servers,
    steps: [
      ...phases.map(({ task, afterMs, also }) => ({
        name: task.replaceAll('_', '-'),
        afterMs,
        apply: (_: ServerRecord, { context }: { context: CloudContext }) => ({
          ...also,
          task_state: task,
          updated_at: context.clock.now(),
        }),
      })),
      {
        name: ending.name,
        afterMs: ending.afterMs,
        apply: (server, { context, payload }) => ({
          task_state: null,
          updated_at: context.clock.now(),
          ...ending.apply(server, context, payload),
        }),
      },
    ],
    // ERROR with a fault; any other state leaves the server in its task for ever.
    fail: (_, failure, { context }) =>
      failure.to === 'ERROR'
        ? {
            vm_state: 'error',
            task_state: null,
            fault: { code: 500, message: failure.message, details: null, created_at: context.clock.now() },
            updated_at: context.clock.now(),
          }
        : undefined,
  })

const becoming =
  (vm_state: VmState, power_state: number) =>
  (server: ServerRecord, context: CloudContext): Partial<ServerRecord> => {
    if (vm_state === 'active') setNicStatus(context, server, 'ACTIVE')
    return { vm_state, power_state }
  }

/** Active, after a boot of the guest. */
const booting =
  (places: 'kept' | 'renewed') =>
  (server: ServerRecord, context: CloudContext): Partial<ServerRecord> => ({
    ...becoming('active', 1)(server, context),
    guest: guestAfterBoot(context, server, places),
  })

export const rebootSoft = transition('reboot-soft', [{ task: 'reboot_started', afterMs: 60 }], {
  name: 'active',
  afterMs: 60,
  apply: booting('kept'),
})

export const rebootHard = transition('reboot-hard', [{ task: 'reboot_started_hard', afterMs: 60 }], {
  name: 'active',
  afterMs: 60,
  apply: booting('renewed'),
})

export const start = transition('start', [], { name: 'active', afterMs: 100, apply: booting('renewed') })
export const stop = transition('stop', [], { name: 'stopped', afterMs: 100, apply: becoming('stopped', 4) })
export const pause = transition('pause', [], { name: 'paused', afterMs: 80, apply: becoming('paused', 3) })
export const unpause = transition('unpause', [], { name: 'active', afterMs: 80, apply: becoming('active', 1) })
export const suspend = transition('suspend', [], { name: 'suspended', afterMs: 80, apply: becoming('suspended', 4) })
export const resume = transition('resume', [], { name: 'active', afterMs: 80, apply: becoming('active', 1) })
export const rescue = transition('rescue', [], {
  name: 'rescued',
  afterMs: 120,
  apply: (server, context) => ({ ...booting('renewed')(server, context), vm_state: 'rescued' }),
})
export const unrescue = transition('unrescue', [], { name: 'active', afterMs: 120, apply: booting('renewed') })
export const changePassword = transition('change-password', [], { name: 'changed', afterMs: 50, apply: () => ({}) })

/** The payload's `flavor` is the new one. */
export const resize = transition(
  'resize',
  [
    { task: 'resize_migrating', afterMs: 50 },
    { task: 'resize_migrated', afterMs: 50 },
    { task: 'resize_finish', afterMs: 50 },
  ],
  {
    name: 'resized',
    afterMs: 50,
    apply: (server, context, payload) => ({
      vm_state: 'resized',
      ...(server.power_state === 1 ? { guest: guestAfterBoot(context, server, 'renewed') } : {}),
      flavor: payload['flavor'] as ServerFlavor, // the action put it there
      old_flavor: server.flavor,
    }),
  },
)

export const confirmResize = transition('confirm-resize', [], {
  name: 'active',
  afterMs: 100,
  apply: (server) => ({ vm_state: server.power_state === 4 ? 'stopped' : 'active', old_flavor: null }),
})

export const revertResize = transition('revert-resize', [], {
  name: 'active',
  afterMs: 100,
  apply: (server, context) => ({
    // A server that was off stays off.
    ...(server.power_state === 4
      ? { vm_state: 'stopped' }
      : { vm_state: 'active', power_state: 1, guest: guestAfterBoot(context, server, 'renewed') }),
    flavor: server.old_flavor ?? server.flavor,
    old_flavor: null,
  }),
})

export const rebuild = transition(
  'rebuild',
  [
    { task: 'rebuild_block_device_mapping', afterMs: 50 },
    { task: 'rebuild_spawning', afterMs: 50 },
  ],
  {
    name: 'active',
    afterMs: 100,
    apply: (server, context, payload) => ({
      vm_state: payload['endsIn'] === 'stopped' ? 'stopped' : 'active',
      power_state: payload['endsIn'] === 'stopped' ? 4 : 1,
      guest: guestAfterBoot(context, server, 'renewed'),
      launched_at: context.clock.now(),
      fault: null,
    }),
  },
)

/** Deletes the image that a shelved server was stored as. */
export const deleteShelvedImage = (context: CloudContext, server: ServerRecord): void => {
  if (server.shelved_image_id) context.store.of(images).delete(server.shelved_image_id)
}

/** The hypervisor releases a shelved server immediately (`shelved_offload_time` is 0). */
export const shelve = transition(
  'shelve',
  [
    { task: 'shelving_image_uploading', afterMs: 60 },
    { task: 'shelving_offloading', afterMs: 60, also: { vm_state: 'shelved', power_state: 4 } },
  ],
  {
    name: 'shelved-offloaded',
    afterMs: 60,
    apply: (server, context) => {
      setNicStatus(context, server, 'DOWN')
      if (server.shelved_image_id) completeImage(context, server.shelved_image_id)
      return { vm_state: 'shelved_offloaded', power_state: 4, host: null }
    },
  },
)

/** A host is chosen anew; volumes that were attached meanwhile are attached now. */
export const unshelve = transition('unshelve', [{ task: 'spawning', afterMs: 60 }], {
  name: 'active',
  afterMs: 100,
  apply: (server, context) => {
    const placement = placeServer(context, server)
    if ('refusal' in placement) {
      const now = context.clock.now()
      return { fault: { code: 500, message: placement.refusal, details: null, created_at: now } }
    }
    const disks = nameDisks(context, server, disksOf(context, server))
    for (const disk of disks) {
      if (disk.attachment_id !== null) completeAttaching(context, disk.attachment_id, disk.device_name)
    }
    setNicStatus(context, server, 'ACTIVE')
    deleteShelvedImage(context, server)
    const guest = guestAfterBoot(context, server, 'renewed', disks)
    return {
      vm_state: 'active',
      power_state: 1,
      host: placement.host,
      disks,
      guest,
      shelved_image_id: null,
      launched_at: context.clock.now(),
    }
  },
})

export const serverTransitions = [
  rebootSoft,
  rebootHard,
  start,
  stop,
  pause,
  unpause,
  suspend,
  resume,
  rescue,
  unrescue,
  changePassword,
  resize,
  confirmResize,
  revertResize,
  rebuild,
  shelve,
  unshelve,
]
