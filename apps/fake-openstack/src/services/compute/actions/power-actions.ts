import * as z from 'zod'
import { conflict } from '../../../kernel/api-error.ts'
import type { Call } from '../../../kernel/call.ts'
import type { Reply } from '../../../kernel/dialect.ts'
import type { Lifecycle } from '../../../kernel/lifecycle.ts'
import { accepted, ok } from '../../../kernel/reply.ts'
import type { Action } from '../../../kernel/service.ts'
import { objectOrNull } from '../field-schemas.ts'
import type { ServerRecord } from '../records.ts'
import { noteAction } from '../server-actions-log.ts'
import { foundServer, requireState, type StateRule } from '../server-lookup.ts'
import { changeServer } from '../server-nics.ts'
import * as transitions from './server-transitions.ts'
import { addImage } from './snapshot-image.ts'

/**
 * Actions that only change states, as data: where they are allowed, what the task state says, what follows
 * (https://opendev.org/openstack/nova/src/branch/stable/zed/nova/compute/api.py, `check_instance_state`).
 */
interface SimpleAction {
  operation: string
  /** Name in the refusal: `Cannot 'start' instance …`. */
  name: string
  rule: StateRule
  task: string
  lifecycle: Lifecycle<ServerRecord>
}

const simple: Readonly<Record<string, SimpleAction>> = {
  'os-start': {
    operation: 'servers.start',
    name: 'start',
    rule: { vm: ['stopped'] },
    task: 'powering-on',
    lifecycle: transitions.start,
  },
  'os-stop': {
    operation: 'servers.stop',
    name: 'stop',
    rule: { vm: ['active', 'error'] },
    task: 'powering-off',
    lifecycle: transitions.stop,
  },
  pause: {
    operation: 'servers.pause',
    name: 'pause',
    rule: { vm: ['active'] },
    task: 'pausing',
    lifecycle: transitions.pause,
  },
  unpause: {
    operation: 'servers.unpause',
    name: 'unpause',
    rule: { vm: ['paused'] },
    task: 'unpausing',
    lifecycle: transitions.unpause,
  },
  suspend: {
    operation: 'servers.suspend',
    name: 'suspend',
    rule: { vm: ['active'] },
    task: 'suspending',
    lifecycle: transitions.suspend,
  },
  resume: {
    operation: 'servers.resume',
    name: 'resume',
    rule: { vm: ['suspended'] },
    task: 'resuming',
    lifecycle: transitions.resume,
  },
  unrescue: {
    operation: 'servers.unrescue',
    name: 'unrescue',
    rule: { vm: ['rescued'] },
    task: 'unrescuing',
    lifecycle: transitions.unrescue,
  },
  unshelve: {
    operation: 'servers.unshelve',
    name: 'unshelve',
    rule: { vm: ['shelved', 'shelved_offloaded'] },
    task: 'unshelving',
    lifecycle: transitions.unshelve,
  },
}

/** Sets the task state, notes the action and begins the lifecycle. */
export const begin = (
  call: Call,
  server: ServerRecord,
  action: string,
  task: string | null,
  lifecycle: Lifecycle<ServerRecord>,
  payload: Readonly<Record<string, unknown>> = {},
): void => {
  noteAction(call, server.id, action)
  if (task !== null) changeServer(call.context, server.id, { task_state: task })
  call.context.lifecycle.start(lifecycle, server.id, payload)
}

/** A server that no host has cannot be acted upon. */
const requireHost = (server: ServerRecord): void => {
  if (server.host === null) throw conflict(`Instance ${server.id} is not ready`)
}

const handlerOf =
  ({ name, rule, task, lifecycle }: SimpleAction) =>
  (call: Call): Reply => {
    const server = foundServer(call)
    requireState(call, server, name, rule)
    if (name === 'start' || name === 'stop') requireHost(server)
    begin(call, server, name, task, lifecycle)
    return accepted()
  }

const rebootSchema = z.strictObject({
  reboot: z.strictObject({ type: z.enum(['HARD', 'Hard', 'hard', 'SOFT', 'Soft', 'soft']) }),
})

/** Tasks that a hard reboot may interrupt. */
const interruptible = [
  'rebooting',
  'reboot_pending',
  'reboot_started',
  'rebooting_hard',
  'reboot_pending_hard',
  'reboot_started_hard',
  'resuming',
  'unpausing',
  'pausing',
  'suspending',
]

const reboot = (call: Call): Reply => {
  const isSoft = call.json(rebootSchema).reboot.type.toUpperCase() === 'SOFT'
  const server = foundServer(call)
  const rule: StateRule = isSoft
    ? { vm: ['active'] }
    : { vm: ['active', 'stopped', 'paused', 'suspended', 'error'], tasks: interruptible }
  requireState(call, server, 'reboot', rule)
  const [task, lifecycle] = isSoft ? ['rebooting', transitions.rebootSoft] : ['rebooting_hard', transitions.rebootHard]
  begin(call, server, 'reboot', task as string, lifecycle as Lifecycle<ServerRecord>)
  return accepted()
}

const rescueSchema = z.object({
  rescue: objectOrNull(z.strictObject({ adminPass: z.string().optional(), rescue_image_ref: z.string().optional() })),
})

const rescue = (call: Call): Reply => {
  const params = call.json(rescueSchema).rescue
  const server = foundServer(call)
  requireState(call, server, 'rescue', { vm: ['active', 'stopped', 'error'] })
  begin(call, server, 'rescue', 'rescuing', transitions.rescue)
  return ok({ adminPass: params?.adminPass ?? call.context.ids.word(12) })
}

/** A server that boots from an image is stored as one, until it is unshelved or deleted. */
const shelve = (call: Call): Reply => {
  const server = foundServer(call)
  requireState(call, server, 'shelve', { vm: ['active', 'stopped', 'paused', 'suspended'] })
  begin(call, server, 'shelve', 'shelving', transitions.shelve)
  if (server.image_id !== '') {
    const image = addImage(call, server, { name: `${server.name}-shelved`, properties: { image_type: 'snapshot' } })
    changeServer(call.context, server.id, { shelved_image_id: image.id })
  }
  return accepted()
}

const passwordSchema = z.strictObject({ changePassword: z.strictObject({ adminPass: z.string() }) })

const changePassword = (call: Call): Reply => {
  const { adminPass } = call.json(passwordSchema).changePassword
  const server = foundServer(call)
  requireState(call, server, 'changePassword', { vm: ['active'] })
  changeServer(call.context, server.id, { admin_pass: adminPass })
  begin(call, server, 'changePassword', 'updating_password', transitions.changePassword)
  return accepted()
}

/** Actions that change the power state or the like. */
export const powerActions: Readonly<Record<string, Action>> = {
  ...Object.fromEntries(
    Object.entries(simple).map(([key, action]) => [key, { operation: action.operation, handle: handlerOf(action) }]),
  ),
  reboot: { operation: 'servers.reboot', handle: reboot },
  rescue: { operation: 'servers.rescue', handle: rescue },
  shelve: { operation: 'servers.shelve', handle: shelve },
  changePassword: { operation: 'servers.change-password', handle: changePassword },
}
