import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createSecureContext } from 'node:tls'
import { expect, test } from 'vitest'
import { computeCloud } from '../../../test/compute-client.ts'
import { fingerprintOf } from './key-material.ts'

const ed25519 = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKxP0kqgPZTDk0mGrxyO/LhKKkUKdhD3hOXf0jZ2m6xS me'

test('a key pair without a key is made; the private half fits the public one', async () => {
  const { nova } = await computeCloud()
  const { status, json } = await nova('POST', '/os-keypairs', { keypair: { name: 'mine' } })
  expect(status).toBe(200)
  const { n } = createPublicKey(createPrivateKey(json.keypair.private_key)).export({ format: 'jwk' })
  const blob = Buffer.from(json.keypair.public_key.split(' ')[1] ?? '', 'base64')
  expect(blob.includes(Buffer.from(n ?? '', 'base64url'))).toBe(true)
  expect(json.keypair.fingerprint).toBe(fingerprintOf(json.keypair.public_key))
})

test('§9 from 2.2 on 201, from 2.92 on a key must be given; the name is one per user', async () => {
  const { nova } = await computeCloud()
  const make = (keypair: object, more: { version?: string; user?: string } = {}) =>
    nova('POST', '/os-keypairs', { keypair }, more)
  expect((await make({ name: 'a', public_key: ed25519 }, { version: '2.2' })).status).toBe(201)
  expect((await make({ name: 'a', public_key: ed25519 })).json.conflictingRequest.message).toBe(
    "Key pair 'a' already exists.",
  )
  expect((await make({ name: 'a', public_key: ed25519 }, { user: 'other' })).status).toBe(200)
  expect((await make({ name: 'b' }, { version: '2.92' })).json.badRequest.message).toContain(
    "'public_key' is a required property",
  )
  expect((await make({ name: 'b', public_key: 'ssh-rsa AAA' })).json.badRequest.message).toBe(
    'Keypair data is invalid: failed to generate fingerprint',
  )
  expect((await make({ name: 'b', type: 'ssh' })).status).toBe(400)
  expect((await make({ name: 'a/b' })).json.badRequest.message).toContain('Only expected characters: [_- ')
})

test('fingerprints are those of ssh-keygen -E md5', () => {
  expect(fingerprintOf(ed25519)).toBe('2c:97:a8:54:ff:f9:3a:a8:00:68:59:f7:bd:af:b2:5f')
})

test('§9 quota: 403; deleting answers 202 and from 2.2 on 204; key pairs of others are not seen', async () => {
  const { nova } = await computeCloud()
  const user = 'bosh-small'
  const make = (name: string) => nova('POST', '/os-keypairs', { keypair: { name, public_key: ed25519 } }, { user })
  expect((await make('one')).status).toBe(200)
  expect((await make('two')).json.forbidden.message).toBe('Quota exceeded, too many key pairs.')
  expect((await nova('GET', '/os-keypairs/one')).status).toBe(404)
  expect((await nova('DELETE', '/os-keypairs/one', undefined, { user })).status).toBe(202)
  expect((await make('two')).status).toBe(200)
  expect((await nova('DELETE', '/os-keypairs/two', undefined, { user, version: '2.2' })).status).toBe(204)
})

test('a certificate is imported with its fingerprint', async () => {
  const { nova } = await computeCloud()
  const public_key = readFileSync(
    new URL('../../../../../packages/openstack-driver/test/tls/server.pem', import.meta.url),
    'utf8',
  )
  const make = (keypair: object) => nova('POST', '/os-keypairs', { keypair }, { version: '2.2' })
  const made = await make({ name: 'cert', type: 'x509', public_key })
  expect(made).toMatchObject({ status: 201, json: { keypair: { type: 'x509' } } })
  expect(made.json.keypair.fingerprint).toMatch(/^([0-9a-f]{2}:){19}[0-9a-f]{2}$/)
  expect((await make({ name: 'no-cert', type: 'x509', public_key: ed25519 })).status).toBe(400)
})

test('a certificate of the user is made when none is given, with its key in PKCS #12 without a password', async () => {
  const { nova } = await computeCloud()
  const keypair = { name: 'new', type: 'x509' }
  const made = await nova('POST', '/os-keypairs', { keypair }, { version: '2.2' })
  expect(made).toMatchObject({ status: 201, json: { keypair: { type: 'x509' } } })
  const { public_key, private_key, fingerprint, user_id } = made.json.keypair
  const certificate = new X509Certificate(public_key)
  expect(fingerprint).toBe(certificate.fingerprint.toLowerCase())
  expect(certificate.verify(certificate.publicKey)).toBe(true)
  expect(certificate).toMatchObject({
    subject: `CN=${user_id}`,
    issuer: `CN=${user_id}`,
    keyUsage: ['1.3.6.1.5.5.7.3.2'],
  })
  expect(certificate.raw.includes(Buffer.from(`${user_id}@localhost`))).toBe(true)
  expect(certificate.validFrom).toBe('Jan  1 00:00:00 2030 GMT')
  expect(certificate.validTo).toBe('Dec 30 00:00:00 2039 GMT')
  const pfx = Buffer.from(private_key, 'base64')
  expect(() => createSecureContext({ pfx, passphrase: '' })).not.toThrow()
  const listed = await nova('GET', '/os-keypairs/new', undefined, { version: '2.2' })
  expect(listed.json.keypair).toMatchObject({ type: 'x509', public_key, fingerprint })
  expect(listed.json.keypair).not.toHaveProperty('private_key')
  const again = await nova('POST', '/os-keypairs', { keypair }, { version: '2.2' })
  expect(again.json.conflictingRequest.message).toBe("Key pair 'new' already exists.")
})
