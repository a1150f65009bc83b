import { CpiError } from '../errors/cpi-error.ts'

/** What an agent knows of an iSCSI disk. */
export interface IscsiSettings {
  readonly initiator_name?: string
  readonly target?: string
  readonly username?: string
  readonly password?: string
}

/** Keys by which agents find a disk; values are strings. */
export interface DiskHintKeys {
  /** Device path, for example `/dev/sdc`. */
  readonly path: string
  readonly volume_id: string
  readonly id: string
  readonly lun: string
  readonly host_device_id: string
  readonly iscsi_settings: IscsiSettings
}

type AtLeastOne<T> = { [Key in keyof T]: Readonly<Pick<T, Key> & Partial<Omit<T, Key>>> }[keyof T]

/**
 * Where the agent finds an attached disk (contract §6.13): a device path, a volume number, or an object with at least one
 * of the keys that agents know. A disk's CID is none of these.
 */
export type DiskHint = `/${string}` | `${number}` | AtLeastOne<DiskHintKeys>

/** A device path as a hint. Throws `CpiError` when it does not begin with `/`. */
export const devicePath = (path: string): DiskHint => {
  if (isPath(path)) return path
  throw new CpiError('CpiError', `'${path}' is not the path of a device`)
}

const isPath = (text: string): text is `/${string}` => text.startsWith('/')

const textKeys: ReadonlySet<string> = new Set(['path', 'volume_id', 'id', 'lun', 'host_device_id'])
const iscsiKeys: ReadonlySet<string> = new Set(['initiator_name', 'target', 'username', 'password'])

/** What is wrong with a hint; undefined when an agent can use it. For drivers written without types, too. */
export const problemOfHint = (hint: unknown): string | undefined => {
  if (typeof hint === 'string') {
    return /^\/.|^\d+$/.test(hint) ? undefined : 'a hint in form of a string must be a device path or a volume number'
  }
  if (!isObject(hint)) return 'a hint must be a string or an object'
  const entries = Object.entries(hint).filter(([, value]) => value !== undefined)
  if (entries.length === 0) return 'the hint is empty'
  for (const [key, value] of entries) {
    if (key === 'iscsi_settings') {
      if (!isObject(value) || !isTextual(value, iscsiKeys)) return `'${key}' of the hint must be an object of strings`
    } else if (!textKeys.has(key)) return `no agent knows the key '${key}' of the hint`
    else if (typeof value !== 'string' || value === '') return `'${key}' of the hint must be a non-empty string`
  }
  return undefined
}

const isTextual = (object: object, known: ReadonlySet<string>): boolean =>
  Object.entries(object).every(([key, value]) => known.has(key) && typeof value === 'string')

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
