import { createCipheriv, createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto'
import { identifier, integer, nothing, octets, sequence, setOf, tagged, taggedBytes } from './der.ts'

/** OpenSSL's default. */
const iterations = 2048

const pkcs = '1.2.840.113549.1'
const data = `${pkcs}.7.1`
const encryptedData = `${pkcs}.7.6`
const shroudedKeyBag = `${pkcs}.12.10.1.2`
const certificateBag = `${pkcs}.12.10.1.3`
const x509Certificate = `${pkcs}.9.22.1`
const localKeyId = `${pkcs}.9.21`
const pbes2 = `${pkcs}.5.13`
const pbkdf2 = `${pkcs}.5.12`
const hmacWithSha256 = '1.2.840.113549.2.9'
const aes256Cbc = '2.16.840.1.101.3.4.1.42'
const sha256 = '2.16.840.1.101.3.4.2.1'

/**
 * A PKCS #12 file (RFC 7292) with a certificate and its key, both encrypted with an empty password, as OpenSSL 3 writes
 * it.
 *
 * @param key in PKCS #8, DER
 */
export const pkcs12 = (certificate: Uint8Array, key: Uint8Array): Buffer => {
  const id = octets(createHash('sha1').update(certificate).digest())
  const attributes = setOf(sequence(identifier(localKeyId), setOf(id)))
  const inBag = sequence(identifier(x509Certificate), tagged(0, octets(certificate)))
  const certificates = encrypted(sequence(sequence(identifier(certificateBag), tagged(0, inBag), attributes)))
  const { algorithm, content } = encrypted(key)
  const keys = sequence(
    sequence(identifier(shroudedKeyBag), tagged(0, sequence(algorithm, octets(content))), attributes),
  )
  const parts = sequence(
    sequence(
      identifier(encryptedData),
      tagged(
        0,
        sequence(integer(0), sequence(identifier(data), certificates.algorithm, taggedBytes(0, certificates.content))),
      ),
    ),
    sequence(identifier(data), tagged(0, octets(keys))),
  )
  return sequence(integer(3), sequence(identifier(data), tagged(0, octets(parts))), macOf(parts))
}

/** PBES2 of PKCS #5 with an empty password. */
const encrypted = (content: Uint8Array): { algorithm: Buffer; content: Buffer } => {
  const salt = randomBytes(8)
  const iv = randomBytes(16)
  const cipher = createCipheriv('aes-256-cbc', pbkdf2Sync('', salt, iterations, 32, 'sha256'), iv)
  const derivation = sequence(octets(salt), integer(iterations), sequence(identifier(hmacWithSha256), nothing))
  return {
    algorithm: sequence(
      identifier(pbes2),
      sequence(sequence(identifier(pbkdf2), derivation), sequence(identifier(aes256Cbc), octets(iv))),
    ),
    content: Buffer.concat([cipher.update(content), cipher.final()]),
  }
}

const macOf = (content: Uint8Array): Buffer => {
  const salt = randomBytes(8)
  const digest = createHmac('sha256', macKey(salt)).update(content).digest()
  return sequence(sequence(sequence(identifier(sha256), nothing), octets(digest)), octets(salt), integer(iterations))
}

/** RFC 7292, appendix B.2, for a key of one digest: the empty password is a 0 of 16 bits, repeated as the salt is. */
const macKey = (salt: Uint8Array): Buffer => {
  const purpose = Buffer.alloc(64, 3)
  const password = Buffer.alloc(64)
  let key = Buffer.concat([purpose, Buffer.alloc(64, salt), password])
  for (let n = 0; n < iterations; n += 1) key = createHash('sha256').update(key).digest()
  return key
}
