import type { Call } from '../../kernel/call.ts'
import { pythonStr } from '../../kernel/python-repr.ts'
import { neutronError } from './neutron-errors.ts'
import { rulesOf } from './release-rules.ts'

/** IANA numbers of the protocols that Neutron knows by name. */
const numbers: Readonly<Record<string, number>> = {
  ah: 51,
  dccp: 33,
  egp: 8,
  esp: 50,
  gre: 47,
  hopopt: 0,
  icmp: 1,
  igmp: 2,
  ip: 0,
  ipip: 4,
  'ipv6-encap': 41,
  'ipv6-frag': 44,
  'ipv6-icmp': 58,
  icmpv6: 58,
  'ipv6-nonxt': 59,
  'ipv6-opts': 60,
  'ipv6-route': 43,
  ospf: 89,
  pgm: 113,
  rsvp: 46,
  sctp: 132,
  tcp: 6,
  udp: 17,
  udplite: 136,
  vrrp: 112,
}

const onlyIpv6 = ['ipv6-encap', 'ipv6-frag', 'ipv6-icmp', 'icmpv6', 'ipv6-nonxt', 'ipv6-opts', 'ipv6-route']
const withPorts = ['tcp', 'udp', 'sctp', 'dccp', 'udplite']
const portNumberOf = withPorts.map((name) => numbers[name])

/** A protocol's name in small letters, or a number from 0 to 255 as text. */
export const toProtocol = (value: unknown, call: Call): string | null => {
  if (value === null || value === '') return null
  const text = String(value).toLowerCase()
  const { knowsAnyProtocol } = rulesOf(call)
  if (knowsAnyProtocol && text === 'any') return null
  if (/^\d+$/.test(text) ? Number(text) <= 255 : Object.hasOwn(numbers, text)) return text
  const names = Object.keys(numbers).map((name) => `'${name}'`)
  const known = knowsAnyProtocol ? `(None, 'any', ${names.join(', ')})` : `[None, ${names.join(', ')}]`
  throw neutronError(
    400,
    'SecurityGroupRuleInvalidProtocol',
    `Security group rule protocol ${pythonStr(value)} not supported. Only protocol values ${known} and integer representations [0 to 255] are supported.`,
  )
}

export const toEthertype = (value: unknown): 'IPv4' | 'IPv6' => {
  const text = String(value).toLowerCase()
  if (text === 'ipv4' || text === 'ipv6') return text === 'ipv4' ? 'IPv4' : 'IPv6'
  throw neutronError(
    400,
    'SecurityGroupRuleInvalidEtherType',
    `Security group rule for ethertype '${pythonStr(value)}' not supported. Allowed values are ['IPv4', 'IPv6'].`,
  )
}

export const toPortNumber = (value: unknown): number | null => {
  if (value === null) return null
  const number = Number(value)
  if (String(value).trim() !== '' && Number.isInteger(number) && number >= 0 && number <= 65_535) return number
  throw neutronError(400, 'SecurityGroupInvalidPortValue', `Invalid value for port ${pythonStr(value)}`)
}

/** The protocol as the family calls it; ICMP of IPv6 has its own name. */
export const readProtocol = (protocol: string | null, ethertype: 'IPv4' | 'IPv6'): string | null => {
  if (protocol !== null && onlyIpv6.includes(protocol) && ethertype === 'IPv4') {
    throw neutronError(
      400,
      'SecurityGroupEthertypeConflictWithProtocol',
      `Invalid ethertype ${ethertype} for protocol ${protocol}.`,
    )
  }
  if (ethertype === 'IPv6' && (protocol === 'icmp' || protocol === 'icmpv6')) return 'ipv6-icmp'
  return protocol
}

/** The number of a protocol, for comparing; 0 (any) is as good as none. */
export const protocolNumber = (protocol: string | null): number | null => {
  if (protocol === null) return null
  const number = numbers[protocol] ?? Number(protocol)
  return number === 0 ? null : number
}

/** Ports need a protocol that has them; for ICMP they are type and code. */
export const checkPorts = (rule: {
  protocol: string | null
  port_range_min: number | null
  port_range_max: number | null
}): void => {
  const { port_range_min: min, port_range_max: max } = rule
  if (min === null && max === null) return
  const number = protocolNumber(rule.protocol)
  if (rule.protocol === null) {
    throw neutronError(
      400,
      'SecurityGroupProtocolRequiredWithPorts',
      'Must also specify protocol if port range is given.',
    )
  }
  if (number !== null && portNumberOf.includes(number)) {
    if (min === 0 || max === 0) {
      throw neutronError(400, 'SecurityGroupInvalidPortValue', 'Invalid value for port 0')
    }
    if (min !== null && max !== null && min <= max) return
    throw neutronError(
      400,
      'SecurityGroupInvalidPortRange',
      'For TCP/UDP protocols, port_range_min must be <= port_range_max',
    )
  }
  if (number !== numbers['icmp'] && number !== numbers['icmpv6']) {
    throw neutronError(
      400,
      'SecurityGroupInvalidProtocolForPort',
      `Invalid protocol ${rule.protocol} for port range, only supported for TCP, UDP, UDPLITE, SCTP and DCCP.`,
    )
  }
  for (const [field, label, value] of [
    ['port_range_min', 'type', min],
    ['port_range_max', 'code', max],
  ] as const) {
    if (value !== null && value > 255) {
      throw neutronError(
        400,
        'SecurityGroupInvalidIcmpValue',
        `Invalid value for ICMP ${label} (${field}) ${value}. It must be 0 to 255.`,
      )
    }
  }
  if (min === null && max !== null) {
    throw neutronError(
      400,
      'SecurityGroupMissingIcmpType',
      `ICMP code (port-range-max) ${max} is provided but ICMP type (port-range-min) is missing.`,
    )
  }
}
