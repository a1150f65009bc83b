import { CpiError, type JsonObject } from '@openstack-cpi/cpi-core'
import { describe, expect, test } from 'vitest'
import { propertyDocs } from '../documentation/config-property-docs.ts'
import { checkOpenStackConfig, connectionOptionNames, parseOpenStackConfig } from './openstack-config.ts'
import { openstackSchema } from './openstack-schema.ts'

const password: JsonObject = {
  auth_url: 'https://keystone:5000/v3',
  username: 'u',
  api_key: 'p',
  project: 'prj',
  domain: 'd',
}
const credential: JsonObject = {
  auth_url: 'https://keystone:5000/v3',
  application_credential_id: 'id',
  application_credential_secret: 'secret',
}

const parse = (section: JsonObject, overrides: JsonObject = {}) => parseOpenStackConfig(section, overrides).config
const problemOf = (section: JsonObject | undefined, overrides: JsonObject = {}): string => {
  try {
    parseOpenStackConfig(section, overrides)
  } catch (error) {
    expect(error).toBeInstanceOf(CpiError)
    expect(error).toMatchObject({ code: 'CloudError' })
    return error instanceof CpiError ? error.message : ''
  }
  return 'no problem'
}

describe('§1.1 defaults and effects', () => {
  test('everything but the login has a default', () => {
    expect(parse(password)).toEqual({
      authUrl: 'https://keystone:5000',
      credentials: {
        kind: 'password',
        username: 'u',
        password: 'p',
        scope: { project: { name: 'prj' }, userDomain: 'd', projectDomain: 'd' },
      },
      region: undefined,
      endpointType: 'public',
      endpointOverrides: {},
      stateTimeoutMs: 300_000,
      pollIntervalMs: 5_000,
      rateLimitTimeoutMs: 600_000,
      requestRetries: 10,
      connection: {
        caCert: undefined,
        sslVerifyPeer: true,
        connectTimeoutMs: 60_000,
        readTimeoutMs: 60_000,
        writeTimeoutMs: 60_000,
        proxy: undefined,
      },
      bootFromVolume: false,
      stemcellPublicVisibility: false,
      stemcellImport: false,
      defaultKeyName: undefined,
      defaultSecurityGroups: [],
      defaultVolumeType: undefined,
      defaultRootVolumeType: undefined,
      configDrive: undefined,
      diskHint: 'by-id',
      useDhcp: true,
      ignoreServerAvailabilityZone: false,
      humanReadableVmNames: false,
      forceHardRebootAfterMs: 180_000,
      tagResources: true,
      loadBalancerApi: 'auto',
      novaMicroversionMax: undefined,
    })
  })

  test.each([
    ['https://k:5000', 'https://k:5000', 'password'],
    ['https://k:5000/', 'https://k:5000', 'password'],
    ['https://k:5000/v3', 'https://k:5000', 'password'],
    ['https://k:5000/v3/', 'https://k:5000', 'password'],
    ['https://k:5000/v3/auth/tokens', 'https://k:5000', 'password'],
    ['https://k/identity/v3', 'https://k/identity', 'password'],
    ['https://k/identity', 'https://k/identity', 'password'],
    ['https://k/identity//', 'https://k/identity', 'password'],
    ['https://k:5000/v2.0', 'https://k:5000', 'v2'],
    ['https://k/identity/v2.0/tokens', 'https://k/identity', 'v2'],
    ['https://k/v2.0/v3', 'https://k', 'password'],
    ['https://gateway/v1/identity/v3', 'https://gateway/v1/identity', 'password'],
    ['https://gateway/v1/identity/v3/auth/tokens', 'https://gateway/v1/identity', 'password'],
    ['https://gateway/v1/identity', 'https://gateway/v1/identity', 'password'],
    ['http://[fd00::1]:5000/v3', 'http://[fd00::1]:5000', 'password'],
  ])('auth_url %s', (authUrl, url, kind) => {
    const config = parse({ ...password, tenant: 't', auth_url: authUrl })
    expect(config.authUrl).toBe(url)
    expect(config.credentials.kind).toBe(kind)
  })

  test.each([
    ['publicURL', 'public'],
    ['internalURL', 'internal'],
    ['adminURL', 'admin'],
    ['public', 'public'],
    ['internal', 'internal'],
    ['admin', 'admin'],
  ])('endpoint_type %s', (spelling, meaning) => {
    expect(parse({ ...password, endpoint_type: spelling }).endpointType).toBe(meaning)
  })

  test('project_id wins over project', () => {
    expect(parse({ ...password, project_id: 'pid' }).credentials).toMatchObject({ scope: { project: { id: 'pid' } } })
  })

  test('user and project may be in different domains', () => {
    const config = parse({ ...password, domain: null, user_domain_name: 'ldap', project_domain_name: 'cf' })
    expect(config.credentials).toMatchObject({ scope: { userDomain: 'ldap', projectDomain: 'cf' } })
  })

  test('an application credential needs neither project nor domain', () => {
    expect(parse(credential).credentials).toEqual({ kind: 'application_credential', id: 'id', secret: 'secret' })
  })

  test('null and empty strings count as absent, also inside connection_options', () => {
    const config = parse({ ...password, region: '', default_volume_type: null, connection_options: { proxy: null } })
    expect(config).toMatchObject({ region: undefined, defaultVolumeType: undefined, connection: { proxy: undefined } })
  })

  test('connection_options are seconds in the file', () => {
    const connection_options = {
      ca_cert: 'PEM',
      ssl_verify_peer: false,
      connect_timeout: 1,
      read_timeout: 2,
      write_timeout: 3,
    }
    expect(parse({ ...password, connection_options }).connection).toEqual({
      caCert: 'PEM',
      sslVerifyPeer: false,
      connectTimeoutMs: 1_000,
      readTimeoutMs: 2_000,
      writeTimeoutMs: 3_000,
      proxy: undefined,
    })
  })

  test('endpoint_overrides take the names operators use', () => {
    const endpoint_overrides = {
      volumev3: 'https://cinder/v3/p',
      image: 'https://glance',
      load_balancer: 'https://octavia',
    }
    expect(parse({ ...password, endpoint_overrides }).endpointOverrides).toEqual({
      'block-storage': 'https://cinder/v3/p',
      image: 'https://glance',
      'load-balancer': 'https://octavia',
    })
  })
})

describe('§1.2 validation', () => {
  test('a missing section', () => {
    expect(problemOf(undefined)).toBe(
      'Invalid OpenStack cloud properties: the section cloud.properties.openstack is missing',
    )
  })

  const both = 'username and api_key or application_credential_id and application_credential_secret is required'
  test.each<[string, JsonObject, string]>([
    ['no auth_url', { auth_url: null }, 'auth_url is required'],
    ['auth_url of a placeholder', { auth_url: 'unused' }, 'auth_url must be an http or https URL'],
    ['auth_url of another protocol', { auth_url: 'ftp://k' }, 'auth_url must be an http or https URL'],
    ['no password', { api_key: null }, both],
    ['no login at all', { username: null, api_key: null }, both],
    ['both pairs', { application_credential_id: 'i', application_credential_secret: 's' }, both],
    ['one pair and a half', { application_credential_id: 'i' }, both],
    ['no project', { project: null }, 'project or project_id is required'],
    ['no domain', { domain: null }, 'domain, or user_domain_name and project_domain_name, is required'],
    ['one of two domains', { user_domain_name: 'x' }, 'user_domain_name and project_domain_name are required together'],
    ['v2 without tenant', { auth_url: 'http://k/v2.0' }, 'tenant is required with Keystone v2.0'],
    ['config_drive', { config_drive: 'floppy' }, 'config_drive must be one of disk, cdrom'],
    ['disk_hint', { disk_hint: 'uuid' }, 'disk_hint must be one of by-id, letter'],
    ['a wrong type', { state_timeout: '300' }, 'state_timeout must be a number of seconds'],
    ['no time at all', { state_timeout: 0 }, 'state_timeout must be more than 0 seconds'],
    ['a half interval', { wait_resource_poll_interval: 0.5 }, 'wait_resource_poll_interval must be an integer'],
    ['groups as a string', { default_security_groups: 'bosh' }, 'default_security_groups must be a list of strings'],
    ['a group that is not text', { default_security_groups: ['a', 1] }, 'default_security_groups.1 must be a string'],
    ['connection_options as a string', { connection_options: 'x' }, 'connection_options must be a hash'],
    ['a nested type', { connection_options: { read_timeout: 'x' } }, 'connection_options.read_timeout must be'],
    ['a microversion as a number', { nova_microversion_max: 2.79 }, 'nova_microversion_max must be a string'],
    ['a microversion as a word', { nova_microversion_max: 'latest' }, 'nova_microversion_max must be a microversion'],
    ['an unknown service', { endpoint_overrides: { heat: 'http://h' } }, 'endpoint_overrides.heat is no known service'],
    [
      'an override without URL',
      { endpoint_overrides: { image: 'glance' } },
      'endpoint_overrides.image must be an http',
    ],
    ['nova-network', { use_nova_networking: true }, 'use_nova_networking is not supported'],
    ['auto anti-affinity', { enable_auto_anti_affinity: true }, 'enable_auto_anti_affinity is not supported'],
  ])('%s', (_, changes, problem) => {
    expect(problemOf({ ...password, ...changes })).toContain(problem)
  })

  test('every property but the withdrawn one has a type that is checked', () => {
    const names = Object.keys(openstackSchema.shape).filter((name) => name !== 'enable_auto_anti_affinity')
    for (const name of names)
      expect(problemOf({ ...password, [name]: [7] })).toMatch(new RegExp(`\\b${name}\\b.* must be `))
    for (const name of connectionOptionNames) {
      const problem = problemOf({ ...password, connection_options: { [name]: [7] } })
      expect(problem).toContain(`connection_options.${name} must be `)
    }
  })

  test('use_nova_networking and enable_auto_anti_affinity may be false', () => {
    expect(problemOf({ ...password, use_nova_networking: false, enable_auto_anti_affinity: false })).toBe('no problem')
  })

  test('application credentials need v3', () => {
    expect(problemOf({ ...credential, auth_url: 'http://k/v2.0' })).toContain(
      'application credentials need Keystone v3',
    )
  })

  test('reports all problems together, without secrets', () => {
    const message = problemOf({ auth_url: 'x', username: 'u', api_key: 12345, config_drive: 'y', use_dhcp: 'no' })
    expect(message).toMatch(/^Invalid OpenStack cloud properties: /)
    for (const name of ['auth_url', 'api_key', 'config_drive', 'use_dhcp', 'project', 'domain']) {
      expect(message).toContain(name)
    }
    expect(message).not.toContain('12345')
  })

  test('unknown properties are ignored with a warning, `vm` of the context without', () => {
    const { warnings } = parseOpenStackConfig(
      { ...password, shiny: 1, connection_options: { ssl_ca_file: '/x' } },
      { vm: { stemcell: {} } },
    )
    expect(warnings).toEqual([
      "Unknown OpenStack cloud property 'shiny' is ignored",
      "Unknown OpenStack cloud property 'connection_options.ssl_ca_file' is ignored",
    ])
  })
})

describe('§1.2 file and context', () => {
  test('contract §3.1 the context replaces a top-level key as a whole', () => {
    const file = { ...password, connection_options: { read_timeout: 9, proxy: 'http://p' } }
    const config = parse(file, { region: 'R2', connection_options: { connect_timeout: 3 } })
    expect(config).toMatchObject({
      region: 'R2',
      connection: { connectTimeoutMs: 3_000, readTimeoutMs: 60_000, proxy: undefined },
    })
  })

  test('a context alone is enough', () => {
    expect(parseOpenStackConfig(undefined, password).config.authUrl).toBe('https://keystone:5000')
  })

  test("the context's application credential drops the file's password", () => {
    const { config, warnings } = parseOpenStackConfig(password, credential)
    expect(config.credentials.kind).toBe('application_credential')
    expect(warnings.join()).toContain("'username' of the configuration file is not used")
  })

  test("the context's password drops the file's application credential", () => {
    expect(parse(credential, password).credentials.kind).toBe('password')
  })

  test('an incomplete pair in the context drops nothing', () => {
    expect(problemOf(password, { application_credential_id: 'id' })).toContain('is required')
    const { properties, warnings } = checkOpenStackConfig(password, { application_credential_id: 'id' })
    expect(properties).toEqual({ ...password, application_credential_id: 'id' })
    expect(warnings).toEqual([])
  })

  test("the context's project drops the file's project_id", () => {
    const config = parse({ ...password, project: null, project_id: 'pid' }, { project: 'other' })
    expect(config.credentials).toMatchObject({ scope: { project: { name: 'other' } } })
  })

  test("the context's domain drops the file's two domains", () => {
    const file = { ...password, domain: null, user_domain_name: 'a', project_domain_name: 'b' }
    expect(parse(file, { domain: 'c' }).credentials).toMatchObject({ scope: { userDomain: 'c', projectDomain: 'c' } })
  })

  test("the context's project_id and two domains drop the file's project and domain", () => {
    const { config, warnings } = parseOpenStackConfig(password, {
      project_id: 'pid',
      user_domain_name: 'a',
      project_domain_name: 'b',
    })
    expect(config.credentials).toMatchObject({ scope: { project: { id: 'pid' }, userDomain: 'a', projectDomain: 'b' } })
    expect(warnings.map((warning) => warning.slice(0, 9))).toEqual(["'project'", "'domain' "])
  })

  test("the context's null takes the file's value away", () => {
    expect(parse({ ...password, region: 'R1' }, { region: null }).region).toBeUndefined()
  })
})

test('every property that is not withdrawn accepts its documented example', () => {
  for (const [name, doc] of Object.entries(propertyDocs)) {
    const section = { ...password, ...credential, [name]: doc.example }
    const checked = openstackSchema.safeParse(section)
    expect(checked.success, `${name}: ${JSON.stringify(checked.error?.issues)}`).toBe(true)
  }
})

describe('§1.1 an auth_url that ends in /v2', () => {
  const v2 = { auth_url: 'https://k:5000/v2', username: 'u', api_key: 'p' }
  test('is Keystone v2.0 for a tenant', () => {
    const { config } = parseOpenStackConfig({ ...v2, tenant: 't' })
    expect(config).toMatchObject({ authUrl: 'https://k:5000', credentials: { kind: 'v2', tenant: 't' } })
  })

  test('is v3 for a project of a domain, as before', () => {
    const { config } = parseOpenStackConfig({ ...v2, project: 'prj', domain: 'd' })
    expect(config).toMatchObject({ authUrl: 'https://k:5000', credentials: { kind: 'password' } })
  })

  test('is named when neither is there', () => {
    expect(() => parseOpenStackConfig(v2)).toThrow(/auth_url ends in \/v2: for Keystone v2\.0 set tenant/)
  })
})
