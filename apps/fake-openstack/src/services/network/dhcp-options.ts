import { isObject } from '../../kernel/json-schema.ts'
import { pythonRepr, pythonStr } from '../../kernel/python-repr.ts'
import type { Body } from './attribute.ts'
import { inconsistentInput } from './neutron-errors.ts'
import type { PortRecord } from './records.ts'

type Options = PortRecord['extra_dhcp_opts']

/** Checks extra DHCP options of a port. */
export const dhcpOptions = (value: unknown): string | undefined => {
  if (value === null) return undefined
  if (!Array.isArray(value)) return `'${pythonStr(value)}' is not a list`
  for (const option of value as readonly unknown[]) {
    if (!isObject(option) || !isOption(option)) {
      throw inconsistentInput(`No valid key specs matched for: ${pythonRepr(option)}`)
    }
  }
  return undefined
}

const isOption = (option: Record<string, unknown>): boolean => {
  const { opt_name, opt_value, ip_version } = option
  const isNamed = typeof opt_name === 'string' && opt_name.trim() !== '' && opt_name.length <= 64
  const isValued = 'opt_value' in option && (opt_value === null || (typeof opt_value === 'string' && opt_value !== ''))
  return isNamed && isValued && (ip_version === undefined || ['4', '6'].includes(String(ip_version)))
}

/** The options after a request: the same option of the same family is replaced, and removed by the value null. */
export const mergedDhcpOptions = (before: Options, body: Body): Options => {
  const sent = body.get<{ opt_name: string; opt_value: string | null; ip_version?: number }[] | null>('extra_dhcp_opts')
  const merged = [...before]
  for (const { opt_name, opt_value, ip_version = 4 } of sent ?? []) {
    const version = Number(ip_version)
    const at = merged.findIndex((option) => option.opt_name === opt_name && option.ip_version === version)
    if (at >= 0) merged.splice(at, 1)
    if (opt_value !== null) merged.push({ opt_name, opt_value, ip_version: version })
  }
  return merged
}
