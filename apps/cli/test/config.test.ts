import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { executable, runProgram } from './run-program.ts'

const folder = mkdtempSync(join(tmpdir(), 'openstack-cpi-config-'))
afterAll(() => rmSync(folder, { recursive: true }))

const file = (name: string, content: string): string => {
  writeFileSync(join(folder, name), content)
  return join(folder, name)
}
const cpiConfig = (name: string, openstack: object, more: object = {}): string =>
  file(name, JSON.stringify({ cloud: { plugin: 'openstack', properties: { openstack, ...more } } }))
const config = (...words: string[]) => runProgram(executable, ['config', ...words])

const login = {
  auth_url: 'https://keystone.example.com:5000/v3',
  username: 'bosh',
  api_key: 'very-secret-1',
  project: 'bosh',
  domain: 'Default',
}
const good = cpiConfig(
  'good.json',
  { ...login, connection_options: { proxy: 'http://me:very-secret-2@proxy:3128' } },
  { agent: { mbus: 'nats://nats:very-secret-3@10.0.0.6:4222', blobstore: { options: { password: 'very-secret-4' } } } },
)

describe('config', () => {
  test('shows each value and where it comes from, secrets hidden', async () => {
    const ca = file('ca.pem', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n')
    const { stdout, stderr, exitCode } = await config(
      '--config',
      good,
      '--ca',
      ca,
      '--context',
      '{"region":"RegionTwo"}',
    )
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 })
    expect(stdout).toMatch(/^auth_url +https:\/\/keystone.example.com:5000\/v3 +file$/m)
    expect(stdout).toMatch(/^api_key +<redacted> +file$/m)
    expect(stdout).toMatch(/^region +RegionTwo +context$/m)
    expect(stdout).toMatch(/^state_timeout +300 +default$/m)
    expect(stdout).toMatch(/^CA bundle +1 certificate +CA file$/m)
    expect(stdout).toContain('The CPI can use this configuration.')
    expect(stdout).not.toContain('very-secret')
  })

  test('a context that brings a login takes the place of the file’s', async () => {
    const context = { application_credential_id: 'app', application_credential_secret: 'very-secret-5' }
    const { stdout, exitCode } = await config('--config', good, '--context', JSON.stringify(context))
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(/^username +– +default$/m)
    expect(stdout).toMatch(/^application_credential_id +app +context$/m)
    expect(stdout).toContain("'api_key' of the configuration file is not used")
    expect(stdout).not.toContain('very-secret')
  })

  test('reports all problems together, suggests names, and ends with 1', async () => {
    const bad = cpiConfig('bad.json', {
      auth_url: 'keystone:5000',
      usrname: 'bosh',
      state_timeout: 'long',
      connection_options: { read_timout: 5 },
      secret_thing: 'very-secret-6',
    })
    const { stdout, exitCode } = await config('--config', bad, '--json')
    expect(exitCode).toBe(1)
    const { problems, warnings }: { problems: string[]; warnings: string[] } = JSON.parse(stdout)
    for (const name of ['auth_url', 'state_timeout', 'username and api_key', 'project', 'domain']) {
      expect(problems.join('\n')).toContain(name)
    }
    expect(warnings).toContain("Unknown OpenStack cloud property 'usrname' is ignored: did you mean 'username'?")
    expect(warnings.join()).toContain("did you mean 'connection_options.read_timeout'?")
    expect(stdout).not.toContain('very-secret')
  })

  test('a misspelt section is suggested, too', async () => {
    const { stdout, exitCode } = await config(
      '--config',
      file('section.json', '{"cloud":{"properties":{"opnestack":{}}}}'),
    )
    expect(exitCode).toBe(1)
    expect(stdout).toContain('the section cloud.properties.openstack is missing')
    expect(stdout).toContain("did you mean 'openstack'?")
  })

  test.each([
    [['--config', '/no/such/file'], /it does not exist/],
    [[], /give one of/],
    [['--config', good, '--from-openrc', good], /give one of/],
    [['--config', good, '--context', '[1]'], /--context must be a JSON object/],
    [['--config', good, '--to', 'toml'], /Allowed choices/],
    [['--config', good, '--bogus'], /unknown option/],
  ])('%j is the user’s mistake', async (words, message) => {
    const { stdout, stderr, exitCode } = await config(...words)
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 2 })
    expect(stderr).toMatch(message)
  })
})

describe('config, converting', () => {
  test('a clouds.yaml with its CA becomes a configuration that can be used', async () => {
    file('cloud-ca.pem', 'PEM')
    const clouds = file(
      'clouds.yaml',
      'clouds: {a: {auth: {auth_url: "https://k/v3", username: u, password: very-secret-7, project_name: p, domain_name: D}, cacert: cloud-ca.pem}, b: {}}',
    )
    const { stdout, stderr, exitCode } = await config('--from-clouds-yaml', clouds, '--cloud', 'a')
    expect(exitCode).toBe(0)
    expect(JSON.parse(stdout).cloud.properties.openstack).toMatchObject({
      api_key: 'very-secret-7',
      domain: 'D',
      connection_options: { ca_cert: 'PEM' },
    })
    expect(stderr).toBe('openstack-cpi: the output holds the secrets of the login: keep it private\n')
  })

  test('an openrc is read and never run; reports what is missing', async () => {
    const trap = join(folder, 'trap')
    const openrc = file(
      'openrc',
      `touch ${trap}\nexport OS_AUTH_URL=https://k/v3\nexport OS_USERNAME=$(touch ${trap})\n`,
    )
    const { stderr, exitCode } = await config('--from-openrc', openrc)
    expect(exitCode).toBe(1)
    expect(stderr).toContain('OS_USERNAME is made by the shell')
    expect(stderr).toContain('project or project_id is required')
    expect(() => rmSync(trap)).toThrow('ENOENT')
  })

  test('to an openrc that a shell understands, and back', async () => {
    const there = await config('--config', good, '--to', 'openrc')
    const back = await config('--from-openrc', file('again', there.stdout))
    expect(JSON.parse(back.stdout).cloud.properties.openstack).toEqual(login)
    const clouds = await config('--config', good, '--to', 'clouds.yaml', '--cloud', 'mine')
    const again = await config('--from-clouds-yaml', file('again.yaml', clouds.stdout), '--cloud', 'mine')
    expect(JSON.parse(again.stdout).cloud.properties.openstack).toEqual(login)
  })
})
