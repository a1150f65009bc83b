import { badRequest } from '../../../kernel/api-error.ts'
import { parseBlock } from '../../network/addresses.ts'
import { unexpectedError } from './proxy-answers.ts'

type Fields = Readonly<Record<string, unknown>>

/** A new rule as Nova sends it to Neutron; undefined values are not sent. */
export interface NewRule {
  direction: 'ingress'
  protocol: string | null
  ethertype: 'IPv4' | 'IPv6'
  remote_ip_prefix: string | null
  remote_group_id: string | null
  port_range_min?: number
  port_range_max?: number
}

/** Checks the fields of a rule in the form of nova-network, and makes Neutron's form of them. */
export const newRuleOf = (fields: Fields): NewRule => {
  const groupId = fields['group_id'] === null ? null : String(fields['group_id'])
  const prefix = groupId === null ? prefixOf(fields['cidr']) : null
  const protocol = textOf(fields['ip_protocol'])
  const [from, to] = portsOf(fields, protocol, groupId !== null)
  const isNarrowed = protocol !== null && from !== null && to !== null
  if (!isNarrowed && prefix !== null) throw badRequest('Not enough parameters to build a valid rule.')
  const ports = isNarrowed ? checkedPorts(protocol, from, to) : undefined
  if (prefix !== null) checkPrefix(prefix)
  return {
    direction: 'ingress',
    protocol: isNarrowed ? protocol : null,
    ethertype: prefix !== null && parseBlock(prefix)?.version === 6 ? 'IPv6' : 'IPv4',
    remote_ip_prefix: prefix,
    remote_group_id: groupId,
    ...(ports && ports.from !== -1 ? { port_range_min: ports.from } : {}),
    ...(ports && ports.to !== -1 ? { port_range_max: ports.to } : {}),
  }
}

const textOf = (value: unknown): string | null => {
  if (value === undefined || value === null || value === '') return null
  if (typeof value === 'object') throw unexpectedError('AttributeError')
  return String(value)
}

const prefixOf = (value: unknown): string => {
  if (value === undefined || value === null || value === '') return '0.0.0.0/0'
  const text = String(value)
  if (!text.includes('/') || !parseBlock(text)) throw badRequest(`${text} is not a valid IP network.`)
  return text
}

const checkPrefix = (prefix: string): void => {
  const [net = '', length] = prefix.split('/')
  if (length === '0' && net !== '0.0.0.0' && net !== '::') throw badRequest(`Bad prefix for network in cidr ${prefix}`)
}

/** A protocol of a rule for a group opens everything when it names no ports. */
const portsOf = (fields: Fields, protocol: string | null, isForGroup: boolean): [unknown, unknown] => {
  const [from, to] = [fields['from_port'] ?? null, fields['to_port'] ?? null]
  if (!isForGroup || from !== null || to !== null) return [from, to]
  const name = protocol?.toUpperCase()
  if (name === 'ICMP') return [-1, -1]
  return name === 'TCP' || name === 'UDP' ? [1, 65_535] : [from, to]
}

const checkedPorts = (protocol: string, rawFrom: unknown, rawTo: unknown): { from: number; to: number } => {
  const name = protocol.toUpperCase()
  const [from, to] = [integerOf(rawFrom), integerOf(rawTo)]
  if (from === undefined || to === undefined) {
    const what =
      name === 'ICMP' ? 'Type and Code must be integers for ICMP protocol type' : 'To and From ports must be integers'
    throw badRequest(`Invalid input received: ${what}`)
  }
  if (!['TCP', 'UDP', 'ICMP'].includes(name)) throw badRequest(`Invalid IP protocol ${protocol}.`)
  const range = `Invalid port range ${from}:${to}.`
  if (name === 'ICMP') {
    if (Math.min(from, to) < -1 || Math.max(from, to) > 255) {
      throw badRequest(`${range} For ICMP, the type:code must be valid`)
    }
    return { from, to }
  }
  if (from > to) throw badRequest(`${range} Former value cannot be greater than the later`)
  if (from < 1 || to > 65_535) throw badRequest(`${range} Valid ${name} ports should be between 1-65535`)
  return { from, to }
}

/** Python's `int()` of a number or a text. */
const integerOf = (value: unknown): number | undefined => {
  if (typeof value === 'number') return Math.trunc(value)
  return typeof value === 'string' && /^\s*[-+]?\d+\s*$/.test(value) ? Number(value) : undefined
}
