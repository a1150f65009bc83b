import * as z from 'zod'
import { badRequest, notFound } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'
import { ok } from '../../kernel/reply.ts'
import { isUuidLike } from '../../kernel/schema-formats.ts'
import type { Route } from '../../kernel/service.ts'
import { isoMicros } from '../../kernel/time-format.ts'
import { changeHostService, controlServices, hostService, numberOfHost } from './host-services.ts'
import { serviceId } from './hosts.ts'
import { hostsWithZones } from './zones.ts'

interface NovaService {
  readonly binary: string
  readonly host: string
  readonly zone: string
  readonly number: number
}

const servicesOf = (call: Call): NovaService[] => [
  ...controlServices.map((binary, n) => ({ binary, host: 'controller', zone: 'internal', number: n + 1 })),
  ...hostsWithZones(call.context).map(({ host, zone }) => ({
    binary: 'nova-compute',
    host,
    zone,
    number: controlServices.length + numberOfHost(call.context, host),
  })),
]

const view = (call: Call, { binary, host, zone, number }: NovaService) => {
  const { disabled, disabled_reason, forced_down } = hostService(call.context, host)
  return {
    binary,
    host,
    id: serviceId(call, number),
    zone,
    status: disabled ? 'disabled' : 'enabled',
    state: forced_down ? 'down' : 'up',
    updated_at: isoMicros(Math.floor(call.now / 1000) * 1000),
    disabled_reason,
    ...(call.microversion.atLeast('2.11') ? { forced_down } : {}),
  }
}

const list = (call: Call) => {
  const binary = call.query.get('binary') || undefined
  const host = call.query.get('host') || undefined
  const wanted = servicesOf(call).filter(
    (one) => (binary ?? one.binary) === one.binary && (host ?? one.host) === one.host,
  )
  return ok({ services: wanted.map((one) => view(call, one)) })
}

/** Nova's own schemas have checked the values in front of the handlers. */
const forcedDown = z.union([z.boolean(), z.string()]).optional()
const actionBody = z.strictObject({
  host: z.string(),
  binary: z.string(),
  disabled_reason: z.string().optional(),
  forced_down: forcedDown,
})
const changeBody = z.strictObject({
  status: z.enum(['enabled', 'disabled']).optional(),
  disabled_reason: z.string().optional(),
  forced_down: forcedDown,
})

const isTrue = (value: string | boolean): boolean => /^(true|1|on|yes)$/i.test(String(value))

const requireCompute = (binary: string): void => {
  if (binary === 'nova-compute') return
  throw badRequest(`Updating a ${binary} service is not supported. Only nova-compute services can be updated.`)
}

/** Up to 2.52 the path names the action, and the body the service. */
const act = (call: Call) => {
  const action = call.param('id')
  const known = [
    'enable',
    'disable',
    'disable-log-reason',
    ...(call.microversion.atLeast('2.11') ? ['force-down'] : []),
  ]
  const { host, binary, disabled_reason, forced_down } = call.json(actionBody)
  if (!known.includes(action)) throw notFound('Unknown action')
  if (action === 'disable-log-reason' && disabled_reason === undefined) {
    throw badRequest('Missing disabled reason field')
  }
  if (action === 'force-down' && forced_down === undefined) throw badRequest('Missing forced_down field')
  requireCompute(binary)
  if (numberOfHost(call.context, host) === 0) throw notFound(`Host '${host}' is not mapped to any cell`)
  if (action === 'force-down') {
    const isDown = isTrue(forced_down ?? false)
    changeHostService(call.context, host, { forced_down: isDown })
    return ok({ service: { host, binary, forced_down: isDown } })
  }
  const disabled = action !== 'enable'
  const reason = action === 'disable-log-reason' ? disabled_reason : undefined
  changeHostService(call.context, host, { disabled, disabled_reason: reason ?? null })
  const status = disabled ? 'disabled' : 'enabled'
  return ok({ service: { host, binary, status, ...(reason === undefined ? {} : { disabled_reason: reason }) } })
}

/** From 2.53 on the path names the service, and the body what becomes of it. */
const change = (call: Call) => {
  const id = call.param('id')
  const { status, disabled_reason, forced_down } = call.json(changeBody)
  const service = servicesOf(call).find((one) => serviceId(call, one.number) === id)
  if (!service) throw notFound(`Service ${id} could not be found.`)
  requireCompute(service.binary)
  if (status === 'enabled' && disabled_reason !== undefined) {
    throw badRequest("Specifying 'disabled_reason' with status 'enabled' is invalid.")
  }
  if (status === undefined && forced_down === undefined) {
    throw badRequest("No updates were requested. Fields 'status' or 'forced_down' should be specified.")
  }
  changeHostService(call.context, service.host, {
    ...(status === undefined ? {} : { disabled: status === 'disabled', disabled_reason: disabled_reason ?? null }),
    ...(forced_down === undefined ? {} : { forced_down: isTrue(forced_down) }),
  })
  return ok({ service: view(call, service) })
}

const update = (call: Call) => {
  const isById = call.microversion.atLeast('2.53')
  if (isById && !isUuidLike(call.param('id'))) throw badRequest(`Invalid uuid ${call.param('id')}`)
  call.requireAdmin('os_compute_api:os-services:update')
  return isById ? change(call) : act(call)
}

/** https://docs.openstack.org/api-ref/compute/#compute-services-os-services */
export const serviceListRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/os-services',
    operation: 'services.list',
    access: { admin: 'os_compute_api:os-services:list' },
    handle: list,
  },
  { method: 'PUT', path: '/os-services/:id', operation: 'services.update', handle: update },
]
