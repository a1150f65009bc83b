import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import { bits, identifier, integer, integerOf, moment, nothing, octets, sequence, setOf, tagged, utf8 } from './der.ts'
import { pkcs12 } from './pkcs12.ts'

const validityMs = 3650 * 86_400_000

const sha256WithRsa = sequence(identifier('1.2.840.113549.1.1.11'), nothing)
const commonName = '2.5.4.3'
const extendedKeyUsage = '2.5.29.37'
const clientAuthentication = '1.3.6.1.5.5.7.3.2'
const alternativeName = '2.5.29.17'
const userPrincipalName = '1.3.6.1.4.1.311.20.2.3'
const subjectKeyIdentifier = '2.5.29.14'

const extension = (id: string, value: Uint8Array): Buffer => sequence(identifier(id), octets(value))

/**
 * A new certificate of a user for passwordless logins, signed by its own key, and that key: PEM, and PKCS #12 in base64
 * with an empty password, as Nova makes them by `openssl` (`generate_winrm_x509_cert` in nova/crypto.py).
 */
export const generateCertificate = (userId: string, now: number): { publicKey: string; privateKey: string } => {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const subject = sequence(setOf(sequence(identifier(commonName), utf8(userId))))
  const keyDigest = createHash('sha1')
    .update(publicKey.export({ type: 'pkcs1', format: 'der' }))
    .digest()
  const principal = tagged(0, identifier(userPrincipalName), tagged(0, utf8(`${userId}@localhost`)))
  const content = sequence(
    tagged(0, integer(2)),
    integerOf(randomBytes(19)),
    sha256WithRsa,
    subject,
    sequence(moment(now), moment(now + validityMs)),
    subject,
    publicKey.export({ type: 'spki', format: 'der' }),
    tagged(
      3,
      sequence(
        extension(extendedKeyUsage, sequence(identifier(clientAuthentication))),
        extension(alternativeName, sequence(principal)),
        extension(subjectKeyIdentifier, octets(keyDigest)),
      ),
    ),
  )
  const certificate = sequence(content, sha256WithRsa, bits(sign('sha256', content, privateKey)))
  const key = privateKey.export({ type: 'pkcs8', format: 'der' })
  return { publicKey: pem(certificate), privateKey: pkcs12(certificate, key).toString('base64') }
}

const pem = (certificate: Buffer): string => {
  const lines = certificate.toString('base64').match(/.{1,64}/g) ?? []
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n')
}
