import { generateKeyPair } from 'node:crypto'
import { promisify } from 'node:util'

const generate = promisify(generateKeyPair)

/** A new RSA key: the private one as PEM (PKCS #1, as `ssh-keygen -m PEM` writes it), the public one for OpenSSH. */
export const newSshKeypair = async (comment: string): Promise<{ privateKey: string; publicKey: string }> => {
  const { privateKey, publicKey } = await generate('rsa', { modulusLength: 2048 })
  const { n = '', e = '' } = publicKey.export({ format: 'jwk' })
  const blob = Buffer.concat([field(Buffer.from('ssh-rsa')), integer(e), integer(n)])
  return {
    privateKey: privateKey.export({ type: 'pkcs1', format: 'pem' }).toString(),
    publicKey: `ssh-rsa ${blob.toString('base64')} ${comment}`,
  }
}

/** RFC 4251: a length of four bytes, then the bytes. */
const field = (bytes: Buffer): Buffer => {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(bytes.length)
  return Buffer.concat([length, bytes])
}

/** RFC 4251 `mpint`: a leading zero keeps a number with its top bit set positive. */
const integer = (base64url: string): Buffer => {
  const bytes = Buffer.from(base64url, 'base64url')
  return field((bytes[0] ?? 0) & 0x80 ? Buffer.concat([Buffer.alloc(1), bytes]) : bytes)
}
