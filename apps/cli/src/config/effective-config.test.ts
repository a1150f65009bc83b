import { expect, test } from 'vitest'
import { closestName } from './effective-config.ts'

const known = ['auth_url', 'api_key', 'username', 'project', 'project_id', 'region', 'default_key_name', 'use_dhcp']

test.each([
  ['auth_ulr', 'auth_url'],
  ['auth-url', 'auth_url'],
  ['apikey', 'api_key'],
  ['usrname', 'username'],
  ['regoin', 'region'],
  ['password', 'api_key'],
  ['project_name', 'project'],
  ['default_keyname', 'default_key_name'],
  ['something_else_entirely', undefined],
  ['x', undefined],
])('%s was probably %s', (written, meant) => {
  expect(closestName(written, known)).toBe(meant)
})
