import ipaddr from 'ipaddr.js'

export type IpVersion = 4 | 6

/** The version of an address such as `10.0.0.7` or `2001:db8::7`; undefined when it is none. */
export function ipVersion(address: string): IpVersion | undefined {
  if (ipaddr.IPv4.isValidFourPartDecimal(address)) return 4
  return address.includes(':') && ipaddr.IPv6.isValid(address) ? 6 : undefined
}

/** Whether the CIDR, for example `10.0.0.0/22`, contains the address. False for what is no address or no CIDR. */
export function cidrContains(cidr: string, address: string): boolean {
  if (!ipaddr.isValidCIDR(cidr) || ipVersion(address) === undefined) return false
  const [network, bits] = ipaddr.parseCIDR(cidr)
  const parsed = ipaddr.parse(address)
  return parsed.kind() === network.kind() && parsed.match(network, bits)
}

/** Whether two spellings name one address: `2001:db8::1` and `2001:DB8:0::1` do. */
export function isSameAddress(a: string, b: string): boolean {
  if (ipVersion(a) === undefined || ipVersion(b) === undefined) return a === b
  return ipaddr.parse(a).toNormalizedString() === ipaddr.parse(b).toNormalizedString()
}

/**
 * The value of Neutron's filter `fixed_ips` for an address. Neutron compares texts, and keeps IPv6 addresses in one of
 * their many spellings.
 */
export function fixedIpFilter(address: string): string {
  if (ipVersion(address) !== 6) return `ip_address=${address}`
  return `ip_address=${ipaddr.IPv6.parse(address).toRFC5952String()}`
}

/** Whether the text is an address or a CIDR: what Neutron takes in `allowed_address_pairs`. */
export function isAddressOrCidr(text: string): boolean {
  return ipVersion(text) !== undefined || (text.includes('/') && ipaddr.isValidCIDR(text))
}
