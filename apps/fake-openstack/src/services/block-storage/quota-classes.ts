import * as z from 'zod'
import type { Call } from '../../kernel/call.ts'
import { ok } from '../../kernel/reply.ts'
import type { Route } from '../../kernel/service.ts'
import { invalidInput } from './cinder-errors.ts'
import { withTypes } from './quota-sets.ts'

const limitsOf = (call: Call): Record<string, number> =>
  withTypes(call, call.context.quotas.ofClass('block-storage', call.param('name')))

/** Cinder has every class: one that was never changed has the defaults. */
const show = (call: Call) => ok({ quota_class_set: { ...limitsOf(call), id: call.param('name') } })

const updateBody = z.object({ quota_class_set: z.record(z.string(), z.union([z.number(), z.string()])) })

const update = (call: Call) => {
  const { quota_class_set } = call.json(updateBody)
  const known = limitsOf(call)
  const unknown = Object.keys(quota_class_set).filter((key) => !Object.hasOwn(known, key))
  if (unknown.length > 0) throw invalidInput(`Bad key(s) in quota class set: ${unknown.join(', ')}`)
  const limits = Object.fromEntries(Object.entries(quota_class_set).map(([key, limit]) => [key, Number(limit)]))
  call.context.quotas.setClass('block-storage', call.param('name'), limits)
  return ok({ quota_class_set: limitsOf(call) })
}

const admin = (rule: string) => ({ admin: `volume_extension:quota_classes:${rule}` })
const path = '/os-quota-class-sets/:name'

/** https://docs.openstack.org/api-ref/block-storage/v3/#quota-class-set-extension-os-quota-class-sets */
export const quotaClassRoutes: readonly Route[] = [
  { method: 'GET', path, operation: 'quota-classes.show', access: admin('get'), handle: show },
  { method: 'PUT', path, operation: 'quota-classes.update', access: admin('update'), handle: update },
]
