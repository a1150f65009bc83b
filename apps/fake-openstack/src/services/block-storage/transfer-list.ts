import { notFound } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'
import { notModelled } from '../../kernel/not-modelled.ts'
import { byKeys, nextHref } from '../../kernel/pagination.ts'
import { ok } from '../../kernel/reply.ts'
import type { Handler } from '../../kernel/service.ts'
import { limitOf, maxPage, offsetOf, sortOf } from './list-query.ts'
import { unmodelledTransferColumns } from './query-keys.ts'
import { type TransferRecord, volumes, volumeTransfers } from './records.ts'
import { isTrue } from './schema-fields.ts'

const sortKeys: Readonly<Record<string, (transfer: TransferRecord) => unknown>> = {
  id: (t) => t.id,
  volume_id: (t) => t.volume_id,
  display_name: (t) => t.name,
  created_at: (t) => t.created_at,
  source_project_id: (t) => t.source_project_id,
}

const filters: Readonly<Record<string, (transfer: TransferRecord, value: string) => boolean>> = {
  id: (t, value) => t.id === value,
  volume_id: (t, value) => t.volume_id === value,
  name: (t, value) => t.name?.toLowerCase() === value.toLowerCase(),
  display_name: (t, value) => t.name?.toLowerCase() === value.toLowerCase(),
  source_project_id: (t, value) => t.source_project_id === value,
}

const pageKeys = ['limit', 'marker', 'offset', 'sort', 'sort_key', 'sort_dir']

/** From 3.59 on `/volume-transfers` has pages; before, and on the older path, a page's key is a filter that nothing has. */
const hasPages = (call: Call, path: string): boolean =>
  path === '/volume-transfers' && call.microversion.atLeast('3.59')

const matching = (call: Call, path: string): TransferRecord[] => {
  const isEverybodys = call.isAdmin && isTrue(call.query.get('all_tenants')?.toLowerCase())
  const asked = [...call.query].filter(
    ([key]) => key !== 'all_tenants' && !(hasPages(call, path) && pageKeys.includes(key)),
  )
  const isWanted = (transfer: TransferRecord): boolean =>
    asked.every(([key, value]) => {
      if (unmodelledTransferColumns.includes(key)) return notModelled(call, `?${key}`)
      return filters[key]?.(transfer, value) ?? false
    })
  return call.store
    .of(volumeTransfers)
    .all()
    .filter((one) => isEverybodys || call.store.of(volumes).get(one.volume_id)?.project_id === call.projectId)
    .filter(isWanted)
}

const pageOf = (call: Call, all: readonly TransferRecord[]): TransferRecord[] => {
  const offset = offsetOf(call)
  const marker = call.query.get('marker')
  const newestFirst = byKeys<TransferRecord>([{ of: (t) => t.created_at, descending: true }])
  const sorted = [...all].reverse().sort(sortOf(call, { sortKeys }) ?? newestFirst)
  const start = marker === null ? 0 : sorted.findIndex((one) => one.id === marker) + 1
  if (marker !== null && start === 0) throw notFound(`Transfer ${marker} could not be found.`)
  return sorted.slice(start + offset)
}

/** Answers the transfers of the project's volumes, of all projects if an administrator asks so. */
export const listTransfers =
  (path: string, view: (call: Call, transfer: TransferRecord) => object): Handler =>
  (call) => {
    const limit = Math.min(limitOf(call) ?? maxPage, maxPage) || maxPage
    const all = matching(call, path)
    const found = hasPages(call, path) ? pageOf(call, all).slice(0, limit) : all
    // Cinder takes the offset twice.
    const shown = found.slice(offsetOf(call), offsetOf(call) + limit)
    const last = shown.at(-1)
    const project = call.params['project_id']
    const base = `${call.serviceUrl}/v3/${project === undefined ? '' : `${project}/`}os-volume-transfer`
    const links = last && limit <= found.length ? [{ rel: 'next', href: nextHref(call, last.id, base) }] : []
    return ok({
      transfers: shown.map((one) => view(call, one)),
      ...(links.length === 0 ? {} : { transfers_links: links }),
    })
  }
