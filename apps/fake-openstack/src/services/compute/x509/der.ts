/** Writes values of ASN.1 in DER (X.690): as much as certificates and PKCS #12 files need. */

const tlv = (tag: number, content: Uint8Array): Buffer => {
  const { length } = content
  const size = length.toString(16)
  const bytes = Buffer.from(size.padStart(size.length + (size.length % 2), '0'), 'hex')
  const header = length < 128 ? Buffer.from([tag, length]) : Buffer.from([tag, 128 + bytes.length, ...bytes])
  return Buffer.concat([header, content])
}

export const sequence = (...items: readonly Uint8Array[]): Buffer => tlv(0x30, Buffer.concat(items))

export const setOf = (item: Uint8Array): Buffer => tlv(0x31, item)

/** A value with a tag of its context, around a whole value or around several. */
export const tagged = (number: number, ...items: readonly Uint8Array[]): Buffer =>
  tlv(0xa0 + number, Buffer.concat(items))

/** A string of bytes whose tag is one of its context. */
export const taggedBytes = (number: number, content: Uint8Array): Buffer => tlv(0x80 + number, content)

export const octets = (content: Uint8Array): Buffer => tlv(0x04, content)

/** A string of whole bytes. */
export const bits = (content: Uint8Array): Buffer => tlv(0x03, Buffer.concat([Buffer.from([0]), content]))

/** A positive number of up to 31 bits. */
export const integer = (value: number): Buffer => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return integerOf(bytes)
}

/** A positive number in big-endian order. */
export const integerOf = (bytes: Uint8Array): Buffer => {
  const first = bytes.findIndex((byte) => byte !== 0)
  const shortest = first === -1 ? Buffer.from([0]) : bytes.subarray(first)
  return tlv(0x02, (shortest[0] ?? 0) > 127 ? Buffer.concat([Buffer.from([0]), shortest]) : shortest)
}

export const nothing: Buffer = tlv(0x05, Buffer.alloc(0))

export const utf8 = (text: string): Buffer => tlv(0x0c, Buffer.from(text))

/** An object identifier in its usual form, such as `2.5.4.3`. */
export const identifier = (dotted: string): Buffer => {
  const [first = 0, second = 0, ...others] = dotted.split('.').map(Number)
  return tlv(0x06, Buffer.from([40 * first + second, ...others.flatMap(inGroupsOf7)]))
}

const inGroupsOf7 = (value: number): number[] => {
  const groups = [value % 128]
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128)) groups.unshift(128 + (rest % 128))
  return groups
}

/** A moment to the second, with two digits of the year up to 2049 (RFC 5280, 4.1.2.5). */
export const moment = (epochMs: number): Buffer => {
  const digits = `${new Date(epochMs).toISOString().slice(0, 19).replace(/\D/g, '')}Z`
  return digits < '2050' ? tlv(0x17, Buffer.from(digits.slice(2))) : tlv(0x18, Buffer.from(digits))
}
