import ipaddr from 'ipaddr.js'

/** An address as a number, for ranges and counting. */
export interface Address {
  version: 4 | 6
  value: bigint
}

/** A block of addresses, from its network address to its last one. */
export interface Block {
  version: 4 | 6
  prefix: number
  first: bigint
  last: bigint
}

/** Reads an address; undefined when the text is none. IPv4 needs all four parts. */
export const parseAddress = (text: string): Address | undefined => {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return { version: 4, value: numberFrom(ipaddr.IPv4.parse(text)) }
  if (text.includes(':') && !text.includes('%') && ipaddr.IPv6.isValid(text)) {
    return { version: 6, value: numberFrom(ipaddr.IPv6.parse(text)) }
  }
  return undefined
}

/** The usual short form, in small letters. */
export const formatAddress = (value: bigint, version: 4 | 6): string => {
  const bytes: number[] = []
  let rest = value
  for (let i = 0; i < (version === 4 ? 4 : 16); i += 1) {
    bytes.unshift(Number(rest & 255n))
    rest >>= 8n
  }
  return version === 4 ? bytes.join('.') : new ipaddr.IPv6(bytes).toRFC5952String()
}

/** The address in its usual form, or undefined when the text is none. */
export const canonicalAddress = (text: string): string | undefined => {
  const address = parseAddress(text)
  return address && formatAddress(address.value, address.version)
}

/** Reads `10.0.0.0/24`; host bits are dropped, and a bare address is a block of one. */
export const parseBlock = (text: string): Block | undefined => {
  const [host = '', length, ...more] = text.split('/')
  const address = parseAddress(host)
  if (!address || more.length > 0) return undefined
  const bits = address.version === 4 ? 32 : 128
  if (length !== undefined && !/^\d{1,3}$/.test(length)) return undefined
  const prefix = length === undefined ? bits : Number(length)
  if (prefix > bits) return undefined
  return blockAt(address, prefix)
}

/** The block of a prefix length that holds the address. */
export const blockAt = ({ version, value }: Address, prefix: number): Block => {
  const size = 1n << BigInt((version === 4 ? 32 : 128) - prefix)
  const first = (value / size) * size
  return { version, prefix, first, last: first + size - 1n }
}

export const formatBlock = (block: Block): string => `${formatAddress(block.first, block.version)}/${block.prefix}`

export const blocksOverlap = (a: Block, b: Block): boolean =>
  a.version === b.version && a.first <= b.last && b.first <= a.last

export const blockHolds = (block: Block, address: Address): boolean =>
  block.version === address.version && address.value >= block.first && address.value <= block.last

/** The address that a host gives itself in an IPv6 subnet with SLAAC: the prefix and its MAC as EUI-64. */
export const eui64Address = (block: Block, mac: string): string => {
  const bytes = mac.split(':').map((part) => Number.parseInt(part, 16))
  const [first = 0, ...rest] = bytes
  const id = [first ^ 2, ...rest.slice(0, 2), 0xff, 0xfe, ...rest.slice(2)]
  const host = id.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n)
  return formatAddress(block.first | host, 6)
}

const numberFrom = (address: ipaddr.IPv4 | ipaddr.IPv6): bigint =>
  address.toByteArray().reduce((value, byte) => (value << 8n) | BigInt(byte), 0n)
