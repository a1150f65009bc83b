import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addConfigSecrets } from './config-secrets.ts'
import { createSecrets } from './secrets.ts'

const withSecret = (value: string) => {
  const secrets = createSecrets()
  secrets.add(value)
  return secrets
}

describe('contract §12 a registered secret is hidden', () => {
  const secret = 'p&ss "wörd"/1'
  test.each([
    ['plain', secret],
    ['JSON', JSON.stringify({ password: secret })],
    ['JSON in JSON', JSON.stringify({ body: JSON.stringify({ password: secret }) })],
    ['a URL', `https://k/?p=${encodeURIComponent(secret)}&q=1`],
    ['a form', new URLSearchParams({ p: secret }).toString()],
    ['base64', Buffer.from(secret).toString('base64')],
    ['base64url', Buffer.from(secret).toString('base64url')],
  ])('as %s', (_form, text) => {
    const shown = withSecret(secret).redact(text)
    expect(shown).toContain('<redacted>')
    for (const word of ['wörd', 'w%C3', 'ss %22', 'ss%20', 'ss+']) expect(shown).not.toContain(word)
  })

  test('inside any base64 text, such as user data or a basic login', () => {
    const neighbours = fc.string({ maxLength: 20 })
    const secretText = fc.string({ minLength: 9, maxLength: 40, unit: 'grapheme' })
    fc.assert(
      fc.property(neighbours, secretText, neighbours, (before, value, after) => {
        const encoded = Buffer.from(before + value + after).toString('base64')
        expect(withSecret(value).redact(encoded)).toContain('<redacted>')
      }),
    )
  })

  test('nothing of a secret remains, of any characters', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 4 }), (value) => {
        fc.pre(!'<redacted>'.includes(value))
        expect(withSecret(value).redact(`x${value}y`)).not.toContain(value)
      }),
    )
  })

  test('the longer of two that overlap goes first', () => {
    const secrets = withSecret('pass')
    secrets.add('passport')
    expect(secrets.redact('a passport')).toBe('a <redacted>')
  })
})

test('short values are left, or every text would be riddled', () => {
  expect(withSecret('abc').redact('abc')).toBe('abc')
})

describe('contract §12 hidden even if nobody registered it', () => {
  const key = '-----BEGIN RSA PRIVATE KEY-----\nMIIEow\n-----END RSA PRIVATE KEY-----'
  test.each([
    ['a private key', `x ${key} y`, 'x <redacted> y'],
    ['a private key in JSON', JSON.stringify({ key }), '{"key":"<redacted>"}'],
    ['half a private key', 'x -----BEGIN PRIVATE KEY-----\nMIIE', 'x <redacted>'],
    ['user-info of a URL', 'GET https://me:p@ss@host:1/x@y', 'GET https://<redacted>@host:1/x@y'],
  ])('%s', (_name, text, shown) => {
    expect(createSecrets().redact(text)).toBe(shown)
  })

  test('but a certificate and a plain URL are shown', () => {
    const text = '-----BEGIN CERTIFICATE-----\nMIID\n-----END CERTIFICATE----- https://host:5000/v3?a=b@c'
    expect(createSecrets().redact(text)).toBe(text)
  })
})

describe('configuration', () => {
  test('of a file: values of secret names and passwords in URLs, not addresses and names', () => {
    const secrets = createSecrets()
    addConfigSecrets(
      {
        openstack: { auth_url: 'https://keystone', username: 'admin', api_key: 'key-1234', project: 'prod' },
        agent: { mbus: 'https://mbus:m%26bus@0.0.0.0:6868', blobstore: { options: { password: 12345678 } } },
      },
      secrets,
    )
    expect(secrets.redact('https://keystone admin prod key-1234 m%26bus m&bus 12345678')).toBe(
      'https://keystone admin prod <redacted> <redacted> <redacted> <redacted>',
    )
  })

  test('a password of digits, and everything below a secret name', () => {
    const secrets = createSecrets()
    addConfigSecrets({ options: { api_key: 12345678, credentials: { list: ['inner'] }, read_timeout: 1234 } }, secrets)
    expect(secrets.redact('12345678 inner 1234')).toBe('<redacted> <redacted> 1234')
  })
})
