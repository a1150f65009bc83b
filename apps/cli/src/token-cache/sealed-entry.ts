import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import type { LoginIdentity } from '@openstack-cpi/openstack-driver'

/** First bytes of a file; a later format gets another number and is then simply not understood by this one. */
const magic = Buffer.from('openstack-cpi token 1\n')
const saltBytes = 16
const ivBytes = 12
const tagBytes = 16

/**
 * Encrypts and authenticates an entry (AES-256-GCM) with a key derived from the login's own secret (HKDF-SHA256): who
 * finds the file and lacks the secret has nothing, and who has the secret could log in anyway.
 */
export function seal(identity: LoginIdentity, entry: string): Buffer {
  const salt = randomBytes(saltBytes)
  const iv = randomBytes(ivBytes)
  const cipher = createCipheriv('aes-256-gcm', key(identity, salt), iv)
  cipher.setAAD(authenticated(identity))
  const sealed = Buffer.concat([cipher.update(entry, 'utf8'), cipher.final()])
  return Buffer.concat([magic, salt, iv, cipher.getAuthTag(), sealed])
}

/** The entry; undefined when the file is damaged, of another format, or sealed with another secret or identity. */
export function unseal(identity: LoginIdentity, file: Buffer): string | undefined {
  if (!file.subarray(0, magic.length).equals(magic)) return undefined
  const ivAt = magic.length + saltBytes
  const tagAt = ivAt + ivBytes
  const bodyAt = tagAt + tagBytes
  const salt = file.subarray(magic.length, ivAt)
  const iv = file.subarray(ivAt, tagAt)
  const tag = file.subarray(tagAt, bodyAt)
  if (tag.length !== tagBytes) return undefined
  const decipher = createDecipheriv('aes-256-gcm', key(identity, salt), iv, { authTagLength: tagBytes })
  decipher.setAAD(authenticated(identity))
  decipher.setAuthTag(tag)
  try {
    return Buffer.concat([decipher.update(file.subarray(bodyAt)), decipher.final()]).toString('utf8')
  } catch {
    return undefined // the tag does not match; why, cannot be known
  }
}

const key = (identity: LoginIdentity, salt: Buffer): Buffer =>
  Buffer.from(hkdfSync('sha256', identity.secret, salt, `openstack-cpi token cache ${identity.digest}`, 32))

/** A file moved to the name of another identity does not open. */
const authenticated = (identity: LoginIdentity): Buffer => Buffer.concat([magic, Buffer.from(identity.digest)])
