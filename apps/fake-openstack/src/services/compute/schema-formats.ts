import { isIP } from 'node:net'
import type { FormatCheck } from '../../kernel/json-schema.ts'
import { base64Format, timeFormat, uuidFormat } from '../../kernel/schema-formats.ts'

/**
 * The formats of Nova's schemas
 * (https://opendev.org/openstack/nova/src/branch/stable/zed/nova/api/validation/validators.py).
 */

/** Characters of the first plane that can be printed; the ranges are built from it. */
const printable = '[^\\p{C}\\p{Zl}\\p{Zp}\\u{10000}-\\u{10FFFF}]'
const solid = '[^\\p{C}\\p{Z}\\u{10000}-\\u{10FFFF}]'

const named =
  (pattern: RegExp, reason: string): FormatCheck =>
  (value) =>
    typeof value === 'string' && pattern.test(value)
      ? undefined
      : `An invalid 'name' value was provided. The name must be: ${reason}`

const trimmed = (character: string) => new RegExp(`^(?!\\p{Zs})(?:${character})*(?<!\\p{Zs})$`, 'u')
const notBlank = (character: string, inside: string) => new RegExp(`^(?:${character})*${inside}(?:${character})*$`, 'u')

const keyPairName =
  (characters: string): FormatCheck =>
  (value) =>
    typeof value !== 'string' || [...value].every((one) => characters.includes(one))
      ? undefined
      : `An invalid 'name' value was provided. The name must be: Only expected characters: [${characters}]`

const lettersAndDigits = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'

const address =
  (version: 4 | 6): FormatCheck =>
  (value) =>
    typeof value !== 'string' || isIP(value) === version ? undefined : false

/** Python's regular expressions, as far as JavaScript's say the same. */
const regex: FormatCheck = (value) => {
  if (typeof value !== 'string' || value === '') return false
  try {
    new RegExp(value.replace(/\(\?P</g, '(?<').replace(/^\(\?i\)/, ''))
    return undefined
  } catch {
    return false
  }
}

export const formats: Readonly<Record<string, FormatCheck>> = {
  name: named(trimmed(printable), 'printable characters. Can not start or end with whitespace.'),
  name_with_leading_trailing_spaces: named(
    notBlank(printable, solid),
    'printable characters with at least one non space character',
  ),
  az_name: named(trimmed(`(?!:)${printable}`), 'printable characters except :.Can not start or end with whitespace.'),
  az_name_with_leading_trailing_spaces: named(
    notBlank(`(?!:)${printable}`, `(?!:)${solid}`),
    'printable characters except :, with at least one non space character',
  ),
  keypair_name_20: keyPairName(`_- ${lettersAndDigits}`),
  keypair_name_292: keyPairName(`@._- ${lettersAndDigits}`),
  uuid: uuidFormat,
  base64: base64Format,
  'date-time': timeFormat,
  ipv4: address(4),
  ipv6: address(6),
  regex,
}
