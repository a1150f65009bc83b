import type { WireError } from '@openstack-cpi/cpi-core'
import type { CpiRequest } from '../cpi-request.ts'
import type { ApiRequest, Transition } from './api-request.ts'
import type { Cell } from './cell.ts'
import { faultFile } from './fault-kind.ts'

/** An error that a call may answer. */
export interface Expected {
  readonly type: string
  /** Undefined: the specification leaves it open. */
  readonly okToRetry: boolean | undefined
}

const cloudError: Expected = { type: 'Bosh::Clouds::CloudError', okToRetry: false }
const error = (name: string): Expected => ({ type: `Bosh::Clouds::${name}`, okToRetry: false })

/** Methods that take space from Cinder's quota (driver spec §7.10; contract §4.1). */
const takesSpace = new Set(['create_disk', 'resize_disk', 'update_disk', 'snapshot_disk'])

/**
 * The errors that the specifications allow a method to answer when it meets a fault. Written from driver spec §3.5, §3.6
 * and §7 and contract §4.1, and deliberately not from the driver's own table: the two check each other.
 */
export function expectedErrors(request: CpiRequest, fault: Cell): readonly Expected[] {
  const { method } = request
  if (fault.nature === 'environment') return []
  if (method === 'create_vm') return [{ type: 'Bosh::Clouds::VMCreationFailed', okToRetry: mayRetryVm(fault) }]
  const { kind, nature, place } = fault
  const service = 'service' in place ? place.service : undefined
  if (kind.endsWith('quota') && service === 'block-storage' && takesSpace.has(method)) return [error('NoDiskSpace')]
  if (method === 'update_disk' && isRetype(place) && (kind === '400' || kind === '403')) return [error('NotSupported')]
  if (nature === 'vanished' || kind === '404') {
    const named = [...new Set(Object.values(faultFile.missing[method] ?? {}))].map(error)
    // The object that the call is about is not there when it is looked at first: nothing else can be said.
    const isFirstLook = 'path' in place && place.method === 'GET' && place.nth === 0 && isGiven(request, place)
    return nature === 'vanished' && isFirstLook && named.length > 0 ? named : [cloudError, ...named]
  }
  return [cloudError]
}

/** Whether the director may send `create_vm` again immediately (driver spec §7.4, "ok_to_retry"). */
function mayRetryVm({ kind, nature, place, second }: Cell): boolean | undefined {
  // Something may exist that cannot be looked up: the operator has to look first (driver spec §3.5).
  if (second?.nature === 'lasting') return false
  // Memberships: "13 → false", whatever the reason. Looking up a pool comes before and is treated like any look-up.
  if ('service' in place && place.service === 'load-balancer') return place.method === 'GET' ? undefined : false
  if ('name' in place) return !place.name.startsWith('loadbalancers')
  // It removes what an earlier failure left, and that failure is the one that is answered (driver spec §6.8).
  if (place.isRemoval) return undefined
  switch (nature) {
    case 'passing':
      return true
    case 'lasting':
      return kind === '429 for good' ? undefined : true
    case 'refusal':
      return kind === '409' ? undefined : false
    case 'state':
      return true
    default:
      return undefined
  }
}

const isGiven = (request: CpiRequest, { path }: ApiRequest): boolean =>
  request.arguments.some((argument) => typeof argument === 'string' && path.includes(`/${argument}`))

const isRetype = (place: ApiRequest | Transition): boolean => 'operation' in place && place.operation.includes('retype')

/** Is the answered error one of those? */
export const isExpected = (seen: WireError, allowed: readonly Expected[]): boolean =>
  allowed.some(
    ({ type, okToRetry }) => type === seen.type && (okToRetry === undefined || okToRetry === seen.ok_to_retry),
  )
