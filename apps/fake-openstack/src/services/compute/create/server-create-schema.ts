import * as z from 'zod'
import type { Call } from '../../../kernel/call.ts'
import { invalidInput } from '../../../kernel/dialects/openstack-fault.ts'
import { pythonRepr } from '../../../kernel/python-repr.ts'
import {
  addressOf,
  base64,
  boolean,
  flavorRef,
  hostname,
  integer,
  integerOrNull,
  isUuid,
  metadata,
  name,
  tag,
  uuid,
} from '../field-schemas.ts'

const address = z.string().superRefine((text, context) => {
  if (!/^[0-9a-f.:]+$/i.test(text)) {
    context.addIssue({
      code: 'custom',
      message: `${pythonRepr(text)} is not valid under any of the given schemas`,
      input: text,
    })
  }
})

const network = z.strictObject({
  uuid: z.string().optional(),
  port: z.union([uuid, z.null()]).optional(),
  fixed_ip: address.optional(),
  tag: tag.optional(),
})

const deviceName = z.string().min(1).max(255)

const blockDevice = z.strictObject({
  source_type: z.enum(['volume', 'image', 'snapshot', 'blank']).optional(),
  destination_type: z.enum(['local', 'volume']).optional(),
  uuid: z
    .string()
    .min(1)
    .max(255)
    .regex(/^[a-zA-Z0-9._-]*$/)
    .optional(),
  image_id: uuid.optional(),
  volume_id: uuid.optional(),
  snapshot_id: uuid.optional(),
  volume_size: integer(1, 0x7fffffff, '^[0-9]+$').optional(),
  volume_type: z.string().max(255).nullish(),
  device_name: deviceName.optional(),
  delete_on_termination: boolean.optional(),
  no_device: z.unknown().optional(),
  virtual_name: z.string().max(255).optional(),
  connection_info: z.string().optional(),
  guest_format: z.string().max(255).optional(),
  device_type: z.string().max(255).optional(),
  disk_bus: z.string().max(255).optional(),
  boot_index: integerOrNull.optional(),
  tag: tag.optional(),
})

const imageRef = z.string().superRefine((text, context) => {
  if (text === '' || isUuid(text)) return
  const message = `${pythonRepr(text)} is not valid under any of the given schemas`
  context.addIssue({ code: 'custom', message, input: text })
})

/** One server or several. */
const serverIds = z.union([uuid, z.array(uuid)]).transform((ids) => (typeof ids === 'string' ? [ids] : ids))

const hints = z.looseObject({
  group: uuid.optional(),
  same_host: serverIds.optional(),
  different_host: serverIds.optional(),
})

const personality = z.array(z.strictObject({ path: z.string().optional(), contents: base64.optional() }))

const server = z.strictObject({
  name,
  imageRef: imageRef.optional(),
  flavorRef,
  adminPass: z.string().optional(),
  metadata: metadata.optional(),
  networks: z.unknown().optional(),
  'OS-DCF:diskConfig': z.enum(['AUTO', 'MANUAL']).optional(),
  accessIPv4: addressOf(4).optional(),
  accessIPv6: addressOf(6).optional(),
  personality: personality.optional(),
  availability_zone: name.optional(),
  block_device_mapping: z.array(blockDevice).optional(),
  block_device_mapping_v2: z.array(blockDevice).optional(),
  config_drive: boolean.optional(),
  key_name: name.optional(),
  min_count: integer(1).optional(),
  max_count: integer(1).optional(),
  return_reservation_id: boolean.optional(),
  security_groups: z.array(z.strictObject({ name: name.optional() })).optional(),
  user_data: base64.optional(),
  description: z.string().max(255).nullish(),
  tags: z.array(tag).max(50).optional(),
  trusted_image_certificates: z.array(z.string().min(1)).min(1).max(50).nullish(),
  host: z.string().min(1).max(255).optional(),
  hypervisor_hostname: z.string().min(1).max(255).optional(),
  hostname: hostname.optional(),
})

const schema = z.strictObject({
  server,
  'os:scheduler_hints': hints.optional(),
  'OS-SCH-HNT:scheduler_hints': hints.optional(),
})

export type ServerRequest = z.output<typeof server> & { networks: NetworksRequest | undefined }
export type BlockDeviceRequest = z.output<typeof blockDevice>
export type NetworksRequest = readonly z.output<typeof network>[] | 'auto' | 'none'

/** Fields that only some microversions have; the others refuse them. */
const since: Readonly<Record<string, string>> = {
  description: '2.19',
  tags: '2.52',
  trusted_image_certificates: '2.63',
  host: '2.74',
  hypervisor_hostname: '2.74',
  hostname: '2.90',
}
const until: Readonly<Record<string, string>> = { personality: '2.57' }

const additional = (field: string, path: string[], value: unknown) =>
  invalidInput({
    path,
    value,
    message: `Additional properties are not allowed (${pythonRepr(field)} was unexpected)`,
  })

/** The body of a server create, checked against the schema of the request's microversion. */
export const readServerRequest = (call: Call): { server: ServerRequest; hints: z.output<typeof hints> } => {
  const body = call.json(schema)
  const raw = (call.rawJson as { server: Record<string, unknown> }).server // the schema has seen to the form
  for (const field of Object.keys(raw)) {
    const [from, to] = [since[field], until[field]]
    if ((from && !call.microversion.atLeast(from)) || (to && call.microversion.atLeast(to))) {
      throw additional(field, ['server'], raw)
    }
  }
  checkBlockDevices(call, body.server.block_device_mapping_v2, raw['block_device_mapping_v2'])
  const networks = readNetworks(call, raw['networks'], raw)
  return {
    server: { ...body.server, networks },
    hints: body['os:scheduler_hints'] ?? body['OS-SCH-HNT:scheduler_hints'] ?? {},
  }
}

const checkBlockDevices = (call: Call, devices: readonly BlockDeviceRequest[] | undefined, raw: unknown): void => {
  // Tags of devices came in 2.32, were lost in 2.33 and came back in 2.42.
  const hasTags =
    call.microversion.atLeast('2.42') || (call.microversion.atLeast('2.32') && !call.microversion.atLeast('2.33'))
  for (const [i, device] of (devices ?? []).entries()) {
    const value = (raw as unknown[])[i] // an array of the same length
    if (device.volume_type !== undefined && !call.microversion.atLeast('2.67')) {
      throw additional('volume_type', ['block_device_mapping_v2', String(i)], value)
    }
    if (device.tag !== undefined && !hasTags) throw additional('tag', ['block_device_mapping_v2', String(i)], value)
  }
}

/** A list, or from 2.37 on `auto` or `none`, and then required. */
const readNetworks = (call: Call, value: unknown, around: object): NetworksRequest | undefined => {
  const isNew = call.microversion.atLeast('2.37')
  const fail = (message: string, path: (string | number)[] = ['networks'], at: unknown = value) =>
    invalidInput({ path, value: at, message })
  if (value === undefined) {
    if (isNew) throw fail("'networks' is a required property", ['server'], around)
    return undefined
  }
  if (isNew && (value === 'auto' || value === 'none')) return value
  if (!Array.isArray(value)) {
    const message = isNew ? 'is not valid under any of the given schemas' : "is not of type 'array'"
    throw fail(`${pythonRepr(value)} ${message}`)
  }
  const read = z.array(network).safeParse(value)
  const hasBadUuid = isNew && read.data?.some((one) => one.uuid !== undefined && !isUuid(one.uuid))
  if (isNew && (!read.success || hasBadUuid)) {
    throw fail(`${pythonRepr(value)} is not valid under any of the given schemas`)
  }
  if (!read.success) return call.json(z.object({ server: z.object({ networks: z.array(network) }) })).server.networks
  const hasTags = call.microversion.atLeast('2.42') || call.microversion.atLeast('2.32')
  const tagged = read.data.findIndex((one) => one.tag !== undefined)
  if (tagged >= 0 && (!hasTags || (isNew && !call.microversion.atLeast('2.42')))) {
    throw additional('tag', ['networks', String(tagged)], value[tagged])
  }
  return read.data
}
