import { CpiError, type CpiErrorCode, messageOf } from '@openstack-cpi/cpi-core'
import { isQuota, OpenStackError } from '../http/openstack-error.ts'

/** What a kind of failure means for the caller of a CPI method. */
interface Meaning {
  /** Could the same `create_vm` succeed if sent again immediately (driver spec §7.4)? */
  readonly mayRetry: boolean
  /** What the operator can do; empty when the message says it all. */
  readonly remedy: string
}

/** Methods that take space from Cinder's quota. */
const takesDiskSpace: ReadonlySet<string> = new Set(['create_disk', 'resize_disk', 'update_disk', 'snapshot_disk'])

/**
 * The only place where a failure of OpenStack becomes one of the contract (contract §4.1). Errors that have a place in
 * the contract already pass unchanged; in `create_vm` everything else becomes `VMCreationFailed`.
 * @param method wire name, for example `create_vm`
 */
export function mapError(error: unknown, method: string): unknown {
  if (error instanceof CpiError) return error
  if (!(error instanceof OpenStackError)) {
    if (method !== 'create_vm') return error
    const text = messageOf(error)
    return new CpiError('VmCreationFailed', `create_vm: ${text}`, { cause: error, okToRetry: false })
  }
  const { mayRetry, remedy } = meaningOf(error)
  const message = `${method}: ${error.message}${remedy === '' ? '' : `${/[.!?]$/.test(error.message) ? '' : '.'} ${remedy}`}`
  return new CpiError(codeOf(error, method), message, {
    cause: error,
    okToRetry: method === 'create_vm' && mayRetry && !error.mayHaveLeft,
  })
}

function codeOf(error: OpenStackError, method: string): CpiErrorCode {
  if (method === 'create_vm') return 'VmCreationFailed'
  if (error.service === 'block-storage' && takesDiskSpace.has(method) && isQuota(error)) return 'NoDiskSpace'
  return 'CloudError'
}

function meaningOf(error: OpenStackError): Meaning {
  switch (error.kind) {
    case 'http':
      return meaningOfRefusal(error)
    case 'timeout':
    case 'network':
      return { mayRetry: true, remedy: 'Check that the CPI can reach this address' }
    case 'rate-limited':
      return { mayRetry: true, remedy: "Raise the service's rate limit, or rate_limit_timeout" }
    case 'ambiguous':
      return { mayRetry: true, remedy: 'The resource may exist: check before retrying' }
    case 'wait-timeout':
      return { mayRetry: true, remedy: 'If the cloud is slow, raise state_timeout' }
    case 'unexpected-state':
      return { mayRetry: true, remedy: '' }
    case 'auth':
    case 'config':
    case 'unsupported':
      return { mayRetry: false, remedy: '' }
    case 'foreign-answer':
      return { mayRetry: false, remedy: '' }
    case 'decode':
      return { mayRetry: false, remedy: 'Is there a proxy that answers in place of the service?' }
    case 'aborted':
      return { mayRetry: false, remedy: '' }
    default:
      return assertNever(error.kind)
  }
}

function meaningOfRefusal(error: OpenStackError): Meaning {
  if (isQuota(error)) return { mayRetry: false, remedy: "Raise the project's quota or free some of it" }
  if (error.status === 403 && isAboutRights(error)) {
    return { mayRetry: false, remedy: "Check the roles of the CPI's user in the project" }
  }
  const isServersFault = error.status !== undefined && error.status >= 500
  return { mayRetry: isServersFault, remedy: 'Check task debug log for details.' }
}

/** Services say 403 for other reasons too: a protected image, a flavor without a disk, too many disks at a server. */
function isAboutRights({ fault }: OpenStackError): boolean {
  const words = `${fault?.type ?? ''} ${fault?.message ?? ''}`.trim()
  return words === '' || /polic|authori[sz]|permi|role|not allowed|access|forbidden\W*$/i.test(words)
}

function assertNever(kind: never): never {
  throw new TypeError(`Unknown kind of OpenStack error: ${String(kind)}`)
}
