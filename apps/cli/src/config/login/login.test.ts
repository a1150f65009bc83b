import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readCloudsYaml, writeCloudsYaml } from './clouds-yaml.ts'
import { readOpenrc, writeOpenrc } from './openrc.ts'
import { loginOf, propertiesOf } from './openstack-login.ts'

const noCa = (path: string): string => {
  throw new Error(`no file is to be read, and not ${path}`)
}

const properties = {
  auth_url: 'https://keystone.example.com:5000/v3',
  username: 'bosh',
  api_key: 'it\'s $ecret `now` "really" \\o/',
  project: 'bosh',
  domain: 'Default',
  region: 'RegionOne',
}

describe('openrc', () => {
  test('an openrc file of Horizon, with its questions and conditions', () => {
    const { value, notes } = readOpenrc(`#!/usr/bin/env bash
# To use an OpenStack cloud you need to authenticate
export OS_AUTH_URL=https://keystone.example.com:5000/v3/
export OS_PROJECT_ID=783e9a50cfbd4539aa4549356daf6e0a
export OS_PROJECT_NAME="bosh"
export OS_USER_DOMAIN_NAME="Default"
if [ -z "$OS_USER_DOMAIN_NAME" ]; then unset OS_USER_DOMAIN_NAME; fi
export OS_PROJECT_DOMAIN_ID="default"
if [ -z "$OS_PROJECT_DOMAIN_ID" ]; then unset OS_PROJECT_DOMAIN_ID; fi
unset OS_TENANT_ID
unset OS_TENANT_NAME
export OS_USERNAME="bosh"
echo "Please enter your OpenStack Password for project $OS_PROJECT_NAME as user $OS_USERNAME: "
read -sr OS_PASSWORD_INPUT
export OS_PASSWORD=$OS_PASSWORD_INPUT
export OS_REGION_NAME="RegionOne"
if [ -z "$OS_REGION_NAME" ]; then unset OS_REGION_NAME; fi
export OS_INTERFACE=public
export OS_IDENTITY_API_VERSION=3
`)
    expect(propertiesOf(value, noCa)).toEqual({
      value: {
        auth_url: 'https://keystone.example.com:5000/v3/',
        username: 'bosh',
        project_id: '783e9a50cfbd4539aa4549356daf6e0a',
        domain: 'Default',
        region: 'RegionOne',
        endpoint_type: 'public',
      },
      notes: [],
    })
    expect(notes).toEqual([expect.stringContaining('OS_PASSWORD is made by the shell')])
  })

  test.each([
    ["OS_PASSWORD='a b'  # why", 'a b'],
    ['OS_PASSWORD="a\\"b\\$c"', 'a"b$c'],
    ["export OS_PASSWORD='it'\\''s'", "it's"],
    ['  export OS_PASSWORD=plain;', 'plain'],
    ['OS_USERNAME=me\nOS_PASSWORD=$OS_USERNAME-"$OS_USERNAME"', 'me-me'],
    ['OS_PASSWORD=$(touch /tmp/run)', undefined],
    ['OS_PASSWORD=`id`', undefined],
    ['OS_PASSWORD="$(id)"', undefined],
    ['OS_PASSWORD="$UNKNOWN"', undefined],
  ])('%s is read as %j', (line, password) => {
    const { value, notes } = readOpenrc(line)
    expect(value.password).toBe(password)
    expect(notes).toHaveLength(password === undefined ? 1 : 0)
  })

  test('any text survives being written and read', () => {
    const text = fc.string({ minLength: 1 }).filter((value) => !/[\r\n]/.test(value))
    fc.assert(
      fc.property(text, (password) => {
        expect(readOpenrc(writeOpenrc({ password })).value).toEqual({ password })
      }),
    )
  })
})

describe('clouds.yaml', () => {
  const file = `clouds:
  one:
    auth: {auth_url: "https://k/v3", username: u, password: 12345, project_name: p, user_domain_name: ldap, project_domain_id: default}
    region_name: R
    verify: false
    interface: internal
  two:
    auth_type: v3applicationcredential
    auth: {auth_url: "https://k/v3", application_credential_id: i, application_credential_secret: s}
    cacert: ca.pem
`
  test('a password login', () => {
    expect(propertiesOf(readCloudsYaml(file, 'one').value, noCa).value).toEqual({
      auth_url: 'https://k/v3',
      username: 'u',
      api_key: '12345',
      project: 'p',
      user_domain_name: 'ldap',
      project_domain_name: 'Default',
      region: 'R',
      endpoint_type: 'internal',
      connection_options: { ssl_verify_peer: false },
    })
  })

  test('an application credential, and a CA that is read from its file', () => {
    expect(propertiesOf(readCloudsYaml(file, 'two').value, (path) => `content of ${path}`).value).toEqual({
      auth_url: 'https://k/v3',
      application_credential_id: 'i',
      application_credential_secret: 's',
      connection_options: { ca_cert: 'content of ca.pem' },
    })
  })

  test.each([
    [undefined, /say which cloud with --cloud; the file has: one, two/],
    ['three', /there is no cloud 'three'; the file has: one, two/],
    ['toString', /there is no cloud 'toString'/],
  ])('cloud %s is asked for', (name, message) => {
    expect(() => readCloudsYaml(file, name)).toThrow(message)
  })
})

test.each([
  properties,
  { auth_url: 'https://k/v3', application_credential_id: 'i', application_credential_secret: 's', region: 'R' },
  { ...properties, endpoint_type: 'internal', connection_options: { ssl_verify_peer: false } },
])('written as openrc and as clouds.yaml, and read again: %j', (given) => {
  const { value: login, notes } = loginOf(given, undefined)
  expect(notes).toEqual([])
  expect(propertiesOf(readOpenrc(writeOpenrc(login)).value, noCa).value).toEqual(given)
  expect(propertiesOf(readCloudsYaml(writeCloudsYaml(login, 'x'), undefined).value, noCa).value).toEqual(given)
})

test('reports what the CPI cannot use', () => {
  const { notes } = propertiesOf({ user_id: '1', user_domain_id: 'abc', auth_type: 'v3token' }, noCa)
  for (const word of ['user_id', 'v3token', 'user_domain_name for domain abc']) expect(notes.join()).toContain(word)
})
