import { type CallOptions, callCpi } from '../cpi-call.ts'
import type { Cell } from './cell.ts'
import { type CloudState, differences, hasMore, presentRecords } from './cloud-state.ts'
import { faultFile } from './fault-kind.ts'
import type { PreparedScenario } from './prepared-scenario.ts'

/** A defect, and what shows it. */
type Wrong = readonly [outcome: 'leak' | 'duplicate' | 'loss', ...lines: string[]]

/** After a success the cloud must be as after the clean run. */
export function classifySuccess(prepared: PreparedScenario, cell: Cell, seen: CloudState): Wrong | undefined {
  const lines = differences(prepared.after, seen, ignoredFields(cell))
  if (lines.length === 0) return undefined
  if (hasMore(seen, prepared.after)) return ['duplicate', ...lines]
  // What vanished is not there, and what was attached to it neither.
  return cell.nature === 'vanished' ? undefined : ['loss', ...lines]
}

/** After an error nothing new may be there, and nothing may be missing that the method was not told to delete. */
export function classifyError({ before, scenario }: PreparedScenario, cell: Cell, seen: CloudState): Wrong | undefined {
  const lines = differences(before, seen)
  if (lines.length === 0) return undefined
  if (hasMore(seen, before)) return ['leak', ...lines]
  // How far a deletion or a change came shows when it is repeated.
  if (cell.nature === 'vanished' || scenario.purpose === 'delete' || scenario.purpose === 'change') return undefined
  if (lines.every((line) => line.startsWith(`- ${scenario.orphans} `))) return undefined
  return [hasMore(before, seen) ? 'loss' : 'leak', ...lines]
}

/**
 * Fields that may differ after a success: what is comparable where the cloud lets us, and no VM is given up for (driver spec
 * §6.3, §7.8). A fault that passes is no reason to leave it out.
 */
function ignoredFields({ nature, place }: Cell): readonly string[] {
  if (nature === 'environment') return ['description'] // of ports: written only where Neutron has it
  if (nature === 'passing') return []
  if ('name' in place) return place.name.startsWith('floatingips.') ? ['status'] : []
  return faultFile.bestEffort[`${place.service} ${place.operation}`] ?? []
}

/**
 * Whether no tenant can remove what is left at this moment, and the text names it. Cinder deletes no volume that is being
 * created, Nova no attachment that is being made, Octavia changes no load balancer that is broken or busy, and no removal
 * succeeds when each of its requests fails, or when what a creation without response has made cannot be looked up.
 */
export function isBeyondTenant({ cloud, lasting }: PreparedScenario, cell: Cell, text: string): boolean {
  if (!isKeptByCloud(cell)) return false
  const left = presentRecords(cloud).flatMap(([, records]) => records.filter(({ id }) => !lasting.has(id)))
  const named = left.filter((record) => nameFields.some((field) => isIn(text, Reflect.get(record, field))))
  // A NIC that Nova made, an attachment, a server group: they go with their server.
  const belongTo = (record: { readonly id: string }): boolean =>
    named.some((one) => JSON.stringify(record).includes(one.id) || JSON.stringify(one).includes(record.id))
  return left.every((record) => named.includes(record) || belongTo(record))
}

/** Fields by which a message may name a record. */
const nameFields = ['id', 'volume_id', 'name', 'address', 'floating_ip_address']

const isIn = (text: string, name: unknown): boolean => typeof name === 'string' && name !== '' && text.includes(name)

function isKeptByCloud({ kind, nature, place, second }: Cell): boolean {
  if (second !== undefined && second.nature !== 'passing') return true
  if ('name' in place) {
    if (place.name === 'volumes.delete.gone' || place.name.startsWith('loadbalancers.')) return true
    return kind === 'never changes' && /^(volumes|snapshots)\.(create|attach)/.test(place.name)
  }
  return nature === 'lasting' && (place.method === 'DELETE' || place.operation === 'server-groups.show')
}

/** The cloud is well again: the same call must now lead where the first would have led. */
export async function repeat(
  prepared: PreparedScenario,
  cell: Cell,
  seen: CloudState,
  options: CallOptions,
): Promise<readonly string[] | undefined> {
  const { cloud, request, scenario, after } = prepared
  if (cell.nature === 'vanished' && scenario.purpose === 'change') return undefined
  cloud.faults.remove()
  cloud.lifecycle.release()
  cloud.clock.advance('10m')
  const again = await callCpi(cloud, request, options)
  if (again.is !== 'responded') return [JSON.stringify(again)]
  if (again.response.error !== null) {
    // A disk or a load balancer that broke stays broken until an operator repairs it: the second call can only say so.
    if ('name' in cell.place && /^(volumes|snapshots|loadbalancers)\./.test(cell.place.name)) return undefined
    return [`repeated: ${JSON.stringify(again.response.error)}`, ...differences(prepared.before, seen), ...again.log]
  }
  // Nova remembers what went wrong before.
  const lines = differences(after, prepared.settledState(), ['fault'])
  return lines.length === 0 ? undefined : ['after the repetition', ...lines, ...again.log]
}
