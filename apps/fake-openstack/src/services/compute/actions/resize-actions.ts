import * as z from 'zod'
import { badRequest, forbidden } from '../../../kernel/api-error.ts'
import type { Call } from '../../../kernel/call.ts'
import type { Reply } from '../../../kernel/dialect.ts'
import { invalidInput } from '../../../kernel/dialects/openstack-fault.ts'
import { pythonRepr } from '../../../kernel/python-repr.ts'
import { accepted, noContent } from '../../../kernel/reply.ts'
import type { Action } from '../../../kernel/service.ts'
import { checkImageFits, visibleImage } from '../create/boot-disks.ts'
import { addressOf, base64, boolean, flavorRef, metadata, name, uuid } from '../field-schemas.ts'
import { checkInjectedFiles } from '../injected-files.ts'
import { keypairOf } from '../keypairs.ts'
import { linksOf } from '../links.ts'
import { usageOf } from '../quota-usage.ts'
import { type FlavorRecord, flavors, type ServerRecord } from '../records.ts'
import { disksOf } from '../server-disks.ts'
import { foundServer, requireLiveHost, requireState } from '../server-lookup.ts'
import { changeServer } from '../server-nics.ts'
import { serverView } from '../views/server-view.ts'
import { begin } from './power-actions.ts'
import * as transitions from './server-transitions.ts'

const resizeSchema = z.strictObject({
  resize: z.strictObject({ flavorRef, 'OS-DCF:diskConfig': z.enum(['AUTO', 'MANUAL']).optional() }),
})

const isVolumeBacked = (call: Call, server: ServerRecord): boolean =>
  disksOf(call.context, server).some((disk) => disk.boot_index === 0 && disk.destination_type === 'volume')

const resize = (call: Call): Reply => {
  const params = call.json(resizeSchema).resize
  const server = foundServer(call)
  requireState(call, server, 'resize', { vm: ['active', 'stopped'] })
  requireLiveHost(call, server)
  const flavor = call.store.of(flavors).get(params.flavorRef)
  if (!flavor || flavor.disabled) throw badRequest(`Flavor ${params.flavorRef} could not be found.`)
  if (flavor.disk === 0 && server.flavor.disk !== 0 && !isVolumeBacked(call, server)) {
    throw badRequest('Server disk was unable to be resized because: Resize to zero disk flavor is not allowed.')
  }
  if (flavor.id === server.flavor.id) throw badRequest('When resizing, instances must change flavor!')
  checkResizeQuota(call, server, flavor)
  const diskConfig = params['OS-DCF:diskConfig']
  if (diskConfig !== undefined) changeServer(call.context, server.id, { disk_config: diskConfig })
  begin(call, server, 'resize', 'resize_prep', transitions.resize, { flavor: { ...flavor } })
  return accepted()
}

/** Only what the new flavor has more counts. */
const checkResizeQuota = (call: Call, server: ServerRecord, flavor: FlavorRecord): void => {
  const used = usageOf(call.context, server.project_id)
  const limits = call.context.quotas.limits('compute', server.project_id)
  const over = [
    { key: 'cores', adding: flavor.vcpus - server.flavor.vcpus },
    { key: 'ram', adding: flavor.ram - server.flavor.ram },
  ].filter(({ key, adding }) => call.context.quotas.exceeded('compute', server.project_id, key, used[key] ?? 0, adding))
  if (over.length === 0) return
  const names = over.map((one) => one.key).join(',')
  const list = (of: (one: { key: string; adding: number }) => unknown): string => over.map(of).join(', ')
  throw forbidden(
    `Quota exceeded for ${names}: Requested ${list((one) => one.adding)}, but already used ${list((one) => used[one.key])} of ${list((one) => limits[one.key])} ${names}`,
  )
}

const confirm = (call: Call): Reply => {
  const server = foundServer(call)
  requireState(call, server, 'confirmResize', { vm: ['resized'] })
  requireLiveHost(call, server)
  begin(call, server, 'confirmResize', null, transitions.confirmResize)
  return noContent()
}

const revert = (call: Call): Reply => {
  const server = foundServer(call)
  requireState(call, server, 'revertResize', { vm: ['resized'] })
  begin(call, server, 'revertResize', 'resize_reverting', transitions.revertResize)
  return accepted()
}

const rebuildSchema = z.strictObject({
  rebuild: z.strictObject({
    imageRef: uuid,
    name: name.optional(),
    adminPass: z.string().optional(),
    metadata: metadata.optional(),
    preserve_ephemeral: boolean.optional(),
    'OS-DCF:diskConfig': z.enum(['AUTO', 'MANUAL']).optional(),
    accessIPv4: addressOf(4).optional(),
    accessIPv6: addressOf(6).optional(),
    personality: z.array(z.object({ path: z.string().optional(), contents: z.string().optional() })).optional(),
    description: z.string().max(255).nullish(),
    key_name: z.string().min(1).max(255).nullish(),
    user_data: z.union([base64, z.null()]).optional(),
    trusted_image_certificates: z.array(z.string()).nullish(),
    hostname: z.string().min(2).max(63).optional(),
  }),
})

const since: Readonly<Record<string, string>> = {
  description: '2.19',
  key_name: '2.54',
  user_data: '2.57',
  trusted_image_certificates: '2.63',
  hostname: '2.90',
}

const rebuild = (call: Call): Reply => {
  const { rebuild: params } = call.json(rebuildSchema)
  for (const [field, from] of Object.entries(since)) {
    if (!(field in params) || call.microversion.atLeast(from)) continue
    const message = `Additional properties are not allowed (${pythonRepr(field)} was unexpected)`
    throw invalidInput({ path: ['rebuild'], value: params, message })
  }
  const server = foundServer(call)
  requireState(call, server, 'rebuild', { vm: ['active', 'stopped', 'error'] })
  const key = params.key_name == null ? undefined : keypairOf(call, server.user_id, params.key_name)
  if (params.key_name != null && !key) throw badRequest('Invalid key_name provided.')
  checkInjectedFiles(call, params.personality ?? [])
  const image = visibleImage(call, params.imageRef)
  if (!image) throw badRequest('Cannot find image for rebuild')
  const flavor = { ...server.flavor, is_public: true, disabled: false, rxtx_factor: 1, description: null }
  checkImageFits(image, flavor, disksOf(call.context, server))
  const adminPass = params.adminPass ?? call.context.ids.word(12)
  changeServer(call.context, server.id, {
    image_id: server.image_id === '' ? '' : image.id,
    image_properties: image.properties,
    admin_pass: adminPass,
    ...(params.name === undefined ? {} : { name: params.name }),
    ...(params.metadata === undefined ? {} : { metadata: params.metadata }),
    ...(params.description === undefined ? {} : { description: params.description }),
    ...(params.hostname === undefined ? {} : { hostname: params.hostname }),
    ...(params.key_name === undefined ? {} : { key_name: params.key_name, key_data: key?.public_key ?? null }),
    ...(params.user_data === undefined ? {} : { user_data: params.user_data }),
    ...(params.trusted_image_certificates === undefined ? {} : { trusted_certs: params.trusted_image_certificates }),
    ...(params['OS-DCF:diskConfig'] === undefined ? {} : { disk_config: params['OS-DCF:diskConfig'] }),
    ...(params.accessIPv4 === undefined ? {} : { access_ip_v4: params.accessIPv4 }),
    ...(params.accessIPv6 === undefined ? {} : { access_ip_v6: params.accessIPv6 }),
  })
  begin(call, server, 'rebuild', 'rebuilding', transitions.rebuild, { endsIn: server.vm_state })
  const changed = foundServer(call)
  const view = serverView(call, changed, {
    isShort: !call.microversion.atLeast('2.75'),
    hasKeyName: call.microversion.atLeast('2.54'),
  })
  const withUserData = call.microversion.atLeast('2.57') ? { user_data: changed.user_data } : {}
  const location = linksOf(call, 'servers', server.id)[0]?.href ?? ''
  return accepted({ server: { ...view, adminPass, ...withUserData } }, { location })
}

/** Actions that give a server another flavor or another image. */
export const resizeActions: Readonly<Record<string, Action>> = {
  resize: { operation: 'servers.resize', handle: resize },
  confirmResize: { operation: 'servers.confirm-resize', handle: confirm },
  revertResize: { operation: 'servers.revert-resize', handle: revert },
  rebuild: { operation: 'servers.rebuild', handle: rebuild },
}
