import type { Cell, Verdict } from './cell.ts'
import { type CloudPicture, counts, differences, presentRecords } from './cloud-picture.ts'
import { type CallOptions, callCpi } from './cpi-call.ts'
import type { Theatre } from './theatre.ts'

/** A defect, and what shows it. */
type Wrong = readonly [verdict: Verdict, ...lines: string[]]

/** After a success the cloud must be as after the clean run. */
export function judgeSuccess(theatre: Theatre, cell: Cell, seen: CloudPicture): Wrong | undefined {
  const lines = differences(theatre.after, seen, forgivenFields(cell))
  if (lines.length === 0) return undefined
  const wanted = counts(theatre.after)
  const more = [...counts(seen)].some(([kind, count]) => count > (wanted.get(kind) ?? 0))
  if (more) return ['twin', ...lines]
  // What vanished is not there, and what hung on it neither.
  return cell.nature === 'vanished' ? undefined : ['loss', ...lines]
}

/** After an error nothing new may be there, and nothing may be missing that the method was not told to delete. */
export function judgeError({ before, scenario }: Theatre, cell: Cell, seen: CloudPicture): Wrong | undefined {
  const lines = differences(before, seen)
  if (lines.length === 0) return undefined
  const had = counts(before)
  const has = counts(seen)
  if ([...has].some(([kind, count]) => count > (had.get(kind) ?? 0))) return ['leak', ...lines]
  // How far a deletion or a change came is judged by its repetition.
  if (cell.nature === 'vanished' || scenario.purpose === 'delete' || scenario.purpose === 'change') return undefined
  if (lines.every((line) => line.startsWith(`- ${scenario.sweeps} `))) return undefined
  const isComplete = [...had].every(([kind, count]) => has.get(kind) === count)
  return [isComplete ? 'leak' : 'loss', ...lines]
}

/**
 * Fields that may differ after a success: what is written where the cloud lets us, and no VM is given up for (driver spec
 * §6.3, §7.8). A fault that passes is no reason to leave it out.
 */
function forgivenFields({ nature, place }: Cell): readonly string[] {
  if (nature === 'passing') return []
  if ('name' in place) return place.name.startsWith('floatingips.') ? ['status'] : []
  return bestEffort[`${place.service} ${place.operation}`] ?? []
}

const bestEffort: Readonly<Record<string, readonly string[]>> = {
  'network ports.replace_tags': ['tags'],
  'network ports.list': ['tags'],
  'compute servers.update': ['name', 'hostname'],
}

/**
 * Is what is left something that no tenant can remove at this moment, and does the text name it? Cinder deletes no volume
 * that it is still making, Nova takes back no attachment that it is still making,
 * Octavia changes no load balancer that is broken or busy, and no removal succeeds whose every
 * request fails.
 */
export function keptByCloud({ cloud, lasting }: Theatre, cell: Cell, text: string): boolean {
  if (!isBeyondUs(cell)) return false
  const left = presentRecords(cloud).flatMap(([, records]) => records.filter(({ id }) => !lasting.has(id)))
  return left.every((record) => [record.id, Reflect.get(record, 'volume_id')].some((id) => text.includes(String(id))))
}

function isBeyondUs({ kind, nature, place }: Cell): boolean {
  if ('name' in place) {
    if (place.name === 'volumes.delete.gone' || place.name.startsWith('loadbalancers.')) return true
    return kind === 'never changes' && /^(volumes|snapshots)\.(create|attach)/.test(place.name)
  }
  return nature === 'lasting' && (place.method === 'DELETE' || place.operation === 'server-groups.show')
}

/** The cloud is well again: the same call must now lead where the first would have led. */
export async function repeat(
  theatre: Theatre,
  cell: Cell,
  seen: CloudPicture,
  options: CallOptions,
): Promise<readonly string[] | undefined> {
  const { cloud, request, scenario, after } = theatre
  if (cell.nature === 'vanished' && scenario.purpose === 'change') return undefined
  cloud.faults.remove()
  cloud.lifecycle.release()
  cloud.clock.advance('10m')
  const again = await callCpi(cloud, request, options)
  if (again.is !== 'answered') return [JSON.stringify(again)]
  if (again.answer.error !== null) {
    // A disk or a load balancer that broke stays broken until an operator repairs it: the second call can only say so.
    if ('name' in cell.place && /^(volumes|snapshots|loadbalancers)\./.test(cell.place.name)) return undefined
    return [`repeated: ${JSON.stringify(again.answer.error)}`, ...differences(theatre.before, seen), ...again.log]
  }
  // Nova remembers what went wrong before.
  const lines = differences(after, theatre.settled(), ['fault'])
  return lines.length === 0 ? undefined : ['after the repetition', ...lines, ...again.log]
}
