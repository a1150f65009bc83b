import type { Json, JsonObject } from '@openstack-cpi/cpi-core'
import { novaMetadata } from './server-metadata.ts'

const maxDescriptionCharacters = 255

/**
 * `deployment/job/index`, and where the disk is attached its device's last part, for example `cf/nats/0/vdb` (driver
 * spec §7.19). Any part can be missing.
 */
export function snapshotDescription(metadata: JsonObject, device: string | null | undefined): string {
  const parts = [metadata['deployment'], metadata['job'], metadata['index'], lastPart(device)].map(toText)
  return parts
    .filter((part) => part !== '')
    .join('/')
    .slice(0, maxDescriptionCharacters)
}

/**
 * The director's metadata under the names that volumes carry as well: `director_name` becomes `director`, `index`
 * `instance_index`, `job` with `instance_id` becomes `instance_name`; these three originals go (driver spec §7.19).
 * Cinder's limits are Nova's (contract §11).
 */
export function snapshotMetadata(metadata: JsonObject): Record<string, string> {
  const { director_name, index, job, ...kept } = metadata
  const instanceName = [job, metadata['instance_id']].map(toText).filter((part) => part !== '')
  return novaMetadata({
    ...kept,
    ...(toText(director_name) === '' ? {} : { director: toText(director_name) }),
    ...(toText(index) === '' ? {} : { instance_index: toText(index) }),
    ...(instanceName.length === 0 ? {} : { instance_name: instanceName.join('/') }),
  })
}

function lastPart(device: string | null | undefined): string {
  return device?.split('/').at(-1) ?? ''
}

function toText(value: Json | undefined): string {
  if (value === undefined || value === null) return ''
  return (typeof value === 'string' ? value : JSON.stringify(value)).replace(/[\u{10000}-\u{10ffff}]/gu, '_')
}
