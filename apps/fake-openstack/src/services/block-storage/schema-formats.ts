import type { FormatCheck } from '../../kernel/json-schema.ts'
import { base64Format, uuidFormat } from '../../kernel/schema-formats.ts'

/**
 * The formats of Cinder's schemas
 * (https://opendev.org/openstack/cinder/src/branch/stable/zed/cinder/api/validation/validators.py).
 */

const isBlank = (value: unknown): boolean => value === null || value === undefined || value === '' || value === 0

const lengthOf = (value: string): number => [...value].length

/** Text of some length, counted without blanks at its ends. */
const text =
  (name: string, minLength: number, maxLength: number, isMandatory = false): FormatCheck =>
  (value) => {
    if (isBlank(value)) return isMandatory ? `The '${name}' can not be None.` : undefined
    if (typeof value !== 'string') return undefined
    const length = lengthOf(value.trim())
    if (length < minLength) return `Invalid input received: ${name} has ${length} characters, less than ${minLength}.`
    if (length <= maxLength) return undefined
    return `Invalid input received: ${name} has ${length} characters, more than ${maxLength}.`
  }

const badName = (reason: string): string => `An invalid 'name' value was provided. The 'name' can not be ${reason}.`

const filledName: FormatCheck = (value) => {
  if (isBlank(value)) return badName('None')
  return typeof value === 'string' && value.trim() === '' ? badName('empty') : undefined
}

const memberStatuses = ['error', 'available', 'creating', 'deleting', 'deleted', 'updating', 'error_deleting']
const groupStatuses = ['error', 'available', 'creating', 'deleting', 'deleted', 'updating', 'in-use', 'error_deleting']

/** A status to report; that of a group is checked by those of group snapshots, as Cinder does. */
const status =
  (fault: string, sentence: string, named: readonly string[]): FormatCheck =>
  (value) => {
    if (typeof value !== 'string') return undefined
    if (value.trim() === '') return `${fault}: The 'status' can not be empty.`
    if (memberStatuses.includes(value.toLowerCase())) return undefined
    return `${fault}: ${sentence.replace('%', () => value)}(${named.map((one) => `'${one}'`).join(', ')}).`
  }

export const formats: Readonly<Record<string, FormatCheck>> = {
  uuid: uuidFormat,
  base64: base64Format,
  name: filledName,
  name_skip_leading_trailing_spaces: (value) => {
    const problem = filledName(value)
    if (problem !== undefined || typeof value !== 'string') return problem
    return lengthOf(value.trim()) > 255 ? badName('greater than 255 characters') : undefined
  },
  name_non_mandatory_remove_white_spaces: text('name', 0, 255),
  description_non_mandatory_remove_white_spaces: text('description', 0, 255),
  disabled_reason: text('disabled_reason', 1, 255),
  availability_zone: (value) => (value === null ? undefined : text('availability_zone', 1, 255, true)(value)),
  group_type: text('group_type', 1, 255, true),
  group_status: status('Invalid Group Status', 'Group status: % is invalid, valid status are: ', groupStatuses),
  group_snapshot_status: status(
    'Invalid GroupSnapshot Status',
    'Group snapshot status: % is invalid, valid statuses are: ',
    memberStatuses,
  ),
  key_size: (value) =>
    value === null || /^-?\d+$/.test(String(value))
      ? undefined
      : 'Invalid input received: key_size must be an integer.',
}
