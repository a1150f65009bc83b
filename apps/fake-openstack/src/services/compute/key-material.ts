import { createHash, createPublicKey, generateKeyPairSync, X509Certificate } from 'node:crypto'

/** MD5 of the key's blob in pairs of hex digits, as Nova shows it; undefined for what is no SSH public key. */
export const fingerprintOf = (publicKey: string): string | undefined => {
  const [type, base64] = publicKey.trim().split(/\s+/)
  if (!type || !base64 || !/^[A-Za-z0-9+/]+=*$/.test(base64)) return undefined
  const blob = Buffer.from(base64, 'base64')
  if (!isKeyBlob(type, blob)) return undefined
  const digest = createHash('md5').update(blob).digest('hex')
  return digest.match(/../g)?.join(':')
}

/** SHA-1 of a certificate in pairs of hex digits; undefined for what is no certificate. */
export const certificateFingerprintOf = (certificate: string): string | undefined => {
  try {
    return new X509Certificate(certificate).fingerprint.toLowerCase()
  } catch {
    return undefined
  }
}

/** A blob is a list of length-prefixed parts, the first of which repeats the type. */
const isKeyBlob = (type: string, blob: Buffer): boolean => {
  let parts = 0
  for (let at = 0; at < blob.length; parts += 1) {
    if (at + 4 > blob.length) return false
    const end = at + 4 + blob.readUInt32BE(at)
    if (end > blob.length || (parts === 0 && blob.toString('latin1', at + 4, end) !== type)) return false
    at = end
  }
  return parts >= 2
}

/** A new RSA key of 2048 bits, as Nova made them up to 2.91. */
export const generateKey = (): { publicKey: string; privateKey: string } => {
  const pair = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  })
  const { n, e } = createPublicKey(pair.publicKey).export({ format: 'jwk' })
  const blob = Buffer.concat([text('ssh-rsa'), number(e ?? ''), number(n ?? '')])
  return { publicKey: `ssh-rsa ${blob.toString('base64')} Generated-by-Nova`, privateKey: pair.privateKey }
}

const part = (bytes: Buffer): Buffer => {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(bytes.length)
  return Buffer.concat([length, bytes])
}

const text = (value: string): Buffer => part(Buffer.from(value))

/** A number of the key with a leading zero when it would look negative. */
const number = (base64url: string): Buffer => {
  const bytes = Buffer.from(base64url, 'base64url')
  return part((bytes[0] ?? 0) > 127 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes)
}
