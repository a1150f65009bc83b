import * as z from 'zod'
import { badRequest, notFound } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'
import { notModelled } from '../../kernel/not-modelled.ts'
import { pythonRepr } from '../../kernel/python-repr.ts'
import { ok } from '../../kernel/reply.ts'
import type { Route } from '../../kernel/service.ts'
import { invalidInput } from './cinder-errors.ts'
import { type CinderService, cinderServices, isAt, volumeServiceOf } from './hosts.ts'
import { text } from './schema-fields.ts'
import { storedTime } from './volume-view.ts'

const view = (call: Call, { binary, host, zone }: CinderService) => {
  const isVolume = binary === 'cinder-volume'
  return {
    binary,
    host,
    zone,
    status: 'enabled',
    state: 'up',
    updated_at: storedTime(call.now),
    ...(isVolume && call.microversion.atLeast('3.49') ? { backend_state: 'up' } : {}),
    ...(call.microversion.atLeast('3.7') ? { cluster: null } : {}),
    disabled_reason: null,
    ...(isVolume ? { replication_status: 'disabled', active_backend_id: null, frozen: false } : {}),
  }
}

const list = (call: Call) => {
  const binary = call.query.get('binary')
  const host = call.query.get('host')
  const wanted = cinderServices(call.context).filter(
    (one) => (binary === null || one.binary === binary) && (host === null || isAt(one, host)),
  )
  return ok({ services: wanted.map((one) => view(call, one)) })
}

const shape = { host: text(1, 255), cluster: z.string().nullish() }
const oneService = z.strictObject({ ...shape, binary: text(1, 255), service: text(1, 255) })
const bodies: Readonly<Record<string, z.ZodType<{ host?: string | undefined }>>> = {
  enable: oneService,
  disable: oneService,
  'disable-log-reason': oneService.extend({ disabled_reason: text(1, 255) }),
  freeze: z.strictObject(shape),
  thaw: z.strictObject(shape),
  failover_host: z.strictObject({ ...shape, backend_id: z.string().nullish() }),
}

/** Enabling, disabling and the like: every service of the fake is enabled for good, so only enabling one is modelled. */
const change = (call: Call) => {
  const action = call.param('id')
  const schema = bodies[action]
  if (!schema) {
    const isOfAllServices = ['set-log', 'get-log'].includes(action) && call.microversion.atLeast('3.32')
    const isOfClusters = action === 'failover' && call.microversion.atLeast('3.26')
    if (isOfAllServices || isOfClusters) return notModelled(call)
    throw invalidInput('Unknown action')
  }
  const { host } = call.json(schema)
  const { binary = '', service = '' } = action.includes('able') ? call.json(oneService.loose()) : {}
  const key = binary || service
  if (action.includes('able') && key === '') {
    throw badRequest(`${pythonRepr(call.rawJson)} is not valid under any of the given schemas`)
  }
  if (host === undefined) throw invalidInput('Host field is missing.')
  if (key === '') {
    if (!volumeServiceOf(call, host)) throw badRequest(`No service found with host=${host}`)
    return notModelled(call)
  }
  if (!cinderServices(call.context).some((one) => one.binary === key && isAt(one, host))) {
    throw notFound(`Service ${key} could not be found on host ${host}.`)
  }
  return action === 'enable' ? ok({ disabled: false, host, service, binary, status: 'enabled' }) : notModelled(call)
}

const admin = (rule: string) => ({ admin: `volume_extension:services:${rule}` })

/** https://docs.openstack.org/api-ref/block-storage/v3/#services-os-services */
export const serviceListRoutes: readonly Route[] = [
  { method: 'GET', path: '/os-services', operation: 'services.list', access: admin('index'), handle: list },
  { method: 'PUT', path: '/os-services/:id', operation: 'services.change', access: admin('update'), handle: change },
]
