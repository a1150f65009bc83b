import { expect, test } from 'vitest'
import { isSecretName, redactJson } from './redact-structure.ts'

test('contract §12 secrets in a body are hidden by their names, at any depth', () => {
  expect(
    redactJson(
      {
        auth: { identity: { methods: ['password'], password: { user: { name: 'u', password: 'p' } } } },
        server: { name: 'vm-1', boot_script: 'e30=', adminPass: 'x', key_name: 'bosh' },
        list: [{ application_credential_secret: 's', api_key: null }],
      },
      (name) => isSecretName(name) || name === 'boot_script',
    ),
  ).toEqual({
    auth: { identity: { methods: ['password'], password: '<redacted>' } },
    server: { name: 'vm-1', boot_script: '<redacted>', adminPass: '<redacted>', key_name: 'bosh' },
    list: [{ application_credential_secret: '<redacted>', api_key: null }],
  })
})

test('contract §12 of the agent env only what names the instance group is shown', () => {
  const bosh = { group: 'g', groups: ['g'], tags: { a: 'b' }, password: 'x', mbus: { urls: ['u'] } }
  expect(redactJson({ env: { bosh, persistent_disk_fs: 'ext4' } })).toEqual({
    env: {
      bosh: { group: 'g', groups: ['g'], tags: { a: 'b' }, password: '<redacted>', mbus: '<redacted>' },
      persistent_disk_fs: '<redacted>',
    },
  })
})

test('a body nested without end does not exhaust the stack', () => {
  const deep = JSON.parse('['.repeat(10_000) + ']'.repeat(10_000))
  expect(JSON.stringify(redactJson(deep))).toContain('<redacted>')
})
