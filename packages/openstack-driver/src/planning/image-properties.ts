import { CpiError, type Json, type JsonObject } from '@openstack-cpi/cpi-core'
import { jsonObjectOf } from '../json-object.ts'
import { basicPlane, basicPlaneText } from './basic-plane.ts'
import type { Origin } from './creation-marks.ts'

/** Cloud properties of a stemcell that become image properties of the same name (driver spec §7.2). */
export const copiedProperties = [
  'version',
  'os_type',
  'os_distro',
  'architecture',
  'auto_disk_config',
  'hw_vif_model',
  'hw_disk_bus_model',
  'hw_scsi_model',
  'hw_disk_bus',
  'hw_vif_multiqueue_enabled',
  'vmware_adaptertype',
  'vmware_disktype',
  'vmware_linked_clone',
  'vmware_ostype',
] as const

/**
 * Attributes of every Glance image: a property cannot have these names.
 * https://docs.openstack.org/api-ref/image/v2/#show-image-schema
 */
const imageAttributes = [
  'id',
  'name',
  'status',
  'visibility',
  'protected',
  'os_hidden',
  'checksum',
  'os_hash_algo',
  'os_hash_value',
  'owner',
  'size',
  'virtual_size',
  'container_format',
  'disk_format',
  'created_at',
  'updated_at',
  'tags',
  'direct_url',
  'min_ram',
  'min_disk',
  'self',
  'file',
  'stores',
  'schema',
  'locations',
] as const

const reservedNames: ReadonlySet<string> = new Set([...imageAttributes, ...copiedProperties, 'hypervisor_type'])
/** Glance keeps this namespace for itself (403). */
const glanceNamespace = /^os_glance/i
const maxNameCharacters = 255

/** The request for a heavy stemcell's image in Glance. */
export interface ImagePlan {
  readonly name: string
  readonly diskFormat: string
  readonly containerFormat: string
  readonly visibility: 'private' | 'public'
  readonly properties: Readonly<Record<string, string>>
}

export interface ImagePlanInput {
  readonly cloudProperties: JsonObject
  /** `env.tags` of an API v3 caller. */
  readonly tags: JsonObject
  readonly isPublic: boolean
  /** Absent: the image is not marked as this director's. */
  readonly origin?: Origin
}

/**
 * Name, formats and properties of a stemcell's image (driver spec §7.2). Tags never take the place of what the stemcell
 * says of itself. Throws `CloudError` when there is no `disk_format`.
 */
export function planImage({ cloudProperties, tags, isPublic, origin }: ImagePlanInput): ImagePlan {
  const text = (key: string): string | undefined => toText(cloudProperties[key])
  const diskFormat = text('disk_format')
  if (diskFormat === undefined || diskFormat === '') {
    throw new CpiError('CloudError', 'The stemcell\'s cloud properties name no "disk_format", for example qcow2 or raw')
  }
  const nameParts = [text('name'), text('version')].filter((part) => part !== undefined && part !== '')
  return {
    name: nameParts.length === 0 ? 'bosh-stemcell' : nameParts.join('/').slice(0, maxNameCharacters),
    diskFormat,
    containerFormat: text('container_format') ?? 'bare',
    visibility: isPublic ? 'public' : 'private',
    properties: {
      ...tagProperties({ ...jsonObjectOf(cloudProperties['tags']), ...tags }),
      ...(origin === undefined ? {} : tagProperties(origin)),
      ...stemcellProperties(cloudProperties),
    },
  }
}

function stemcellProperties(cloudProperties: JsonObject): Record<string, string> {
  const named = copiedProperties.map((name) => [name, toText(cloudProperties[name])] as const)
  return present([...named, ['hypervisor_type', toText(cloudProperties['hypervisor'])]])
}

function tagProperties(tags: JsonObject): Record<string, string> {
  return present(Object.entries(tags).map(([name, value]) => [tagName(name), toText(value)] as const))
}

function tagName(name: string): string {
  const isTaken = reservedNames.has(name.toLowerCase()) || glanceNamespace.test(name)
  return basicPlane(isTaken ? `bosh_${name}` : name).slice(0, maxNameCharacters)
}

function toText(value: Json | undefined): string | undefined {
  return value === undefined || value === null ? undefined : basicPlaneText(value)
}

function present(entries: readonly (readonly [string, string | undefined])[]): Record<string, string> {
  return Object.fromEntries(
    entries.flatMap(([name, value]) => (value === undefined || name === '' ? [] : [[name, value]])),
  )
}
