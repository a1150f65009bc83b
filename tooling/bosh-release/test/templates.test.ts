import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { callCpi } from './cpi-process.ts'
import { hasRuby, Installation } from './installation.ts'

const credentials = {
  auth_url: 'https://keystone.example.com:5000/v3',
  username: 'bosh',
  api_key: 'p"ass\'word',
  project: 'cf',
  domain: 'Default',
}

describe.skipIf(!hasRuby)('the job, rendered by Ruby', () => {
  let installation: Installation
  beforeAll(async () => {
    installation = await Installation.create()
  })
  afterAll(() => installation.remove())

  async function rendered(properties: Record<string, unknown>, job = 'openstack_cpi') {
    const target = await installation.render(job, properties)
    const config = JSON.parse(await readFile(join(target, 'config/cpi.json'), 'utf8')) as {
      cloud: { plugin: string; properties: { openstack: Record<string, unknown>; agent: Record<string, unknown> } }
    }
    return {
      openstack: config.cloud.properties.openstack,
      agent: config.cloud.properties.agent,
      ca: await readFile(join(target, 'config/cacert.pem'), 'utf8'),
      wrapper: await readFile(join(target, 'bin/cpi'), 'utf8'),
      target,
    }
  }

  test('contract §8.1 the cpi ops file: credentials, and the defaults both peers have', async () => {
    const { openstack, agent, ca } = await rendered({
      openstack: credentials,
      agent: { mbus: 'https://m:p@0.0.0.0:6868' },
      ntp: ['t1'],
    })
    expect(openstack).toMatchObject({
      ...credentials,
      endpoint_type: 'publicURL',
      state_timeout: 300,
      wait_resource_poll_interval: 5,
      use_dhcp: true,
      boot_from_volume: false,
      connection_options: {},
    })
    expect(openstack).not.toHaveProperty('config_drive')
    expect(agent).toEqual({ mbus: 'https://m:p@0.0.0.0:6868', ntp: ['t1'] })
    expect(ca.trim()).toBe('')
  })

  test('§3.3 boot-from-volume, disable-readable-vm-names, custom-ca, trusted certificates', async () => {
    const pem = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n'
    const { openstack, ca } = await rendered({
      openstack: {
        ...credentials,
        boot_from_volume: true,
        human_readable_vm_names: false,
        connection_options: { ca_cert: pem, ssl_verify_peer: true, connect_timeout: 9 },
      },
    })
    expect(openstack).toMatchObject({ boot_from_volume: true, human_readable_vm_names: false })
    expect(openstack['connection_options']).toEqual({ ssl_verify_peer: true, connect_timeout: 9 })
    expect(ca).toContain(pem)
  })

  test('contract §3.1 cpi-secondary: the file config is full of placeholders', async () => {
    const { openstack } = await rendered({ openstack: { auth_url: 'unused', username: 'unused', api_key: 'unused' } })
    expect(openstack).toMatchObject({ auth_url: 'unused' })
  })

  test('§1.1 nats.* builds the bus of agents, with what needs escaping escaped', async () => {
    const nats = { user: 'n', password: 'a b/c@d', address: '10.0.0.6' }
    expect((await rendered({ openstack: credentials, nats })).agent['mbus']).toBe(
      'nats://n:a%20b%2Fc%40d@10.0.0.6:4222',
    )
    const v6 = { ...nats, password: 'p', address: 'fd00::6' }
    expect((await rendered({ openstack: credentials, nats: v6 })).agent['mbus']).toBe('nats://n:p@[fd00::6]:4222')
  })

  test.each([
    [
      'dav',
      { provider: 'dav', address: '10.0.0.6', agent: { user: 'agent', password: 'pw' } },
      { endpoint: 'http://10.0.0.6:25250', user: 'agent', password: 'pw' },
    ],
    [
      'dav with TLS',
      { address: '10.0.0.6', agent: { user: 'a', password: 'b' }, tls: { cert: { ca: 'CA' } } },
      { endpoint: 'https://10.0.0.6:25250', user: 'a', password: 'b', tls: { cert: { ca: 'CA' } } },
    ],
    [
      'local',
      { provider: 'local', path: '/var/vcap/micro_bosh/data/cache' },
      { blobstore_path: '/var/vcap/micro_bosh/data/cache' },
    ],
  ])('blobstore %s', async (_what, blobstore, options) => {
    expect((await rendered({ openstack: credentials, blobstore })).agent['blobstore']).toMatchObject({ options })
  })

  test('an s3 blobstore: values for agents win', async () => {
    const { agent } = await rendered({
      openstack: credentials,
      blobstore: { provider: 's3', bucket_name: 'b', access_key_id: 'k', secret_access_key: 's', host: 'h' },
      agent: { blobstore: { host: 'agents.h' } },
    })
    expect(agent['blobstore']).toMatchObject({
      provider: 's3',
      options: { bucket_name: 'b', access_key_id: 'k', host: 'agents.h' },
    })
  })

  test('contract §8.5 a registry section of an old manifest renders, and is ignored', async () => {
    const { openstack } = await rendered({
      openstack: { ...credentials, human_readable_vm_names: true },
      registry: { host: '10.0.0.6', port: 25777, username: 'r', password: 'r' },
    })
    expect(openstack['human_readable_vm_names']).toBe(true)
  })

  test('contract §2 proxies are exported in both spellings, quoted', async () => {
    const { wrapper } = await rendered({
      openstack: credentials,
      env: { http_proxy: "http://p:3128/$(x)'", no_proxy: '10.0.0.0/8' },
    })
    for (const name of ['HTTP_PROXY', 'http_proxy', 'NO_PROXY', 'no_proxy'])
      expect(wrapper).toContain(`export ${name}=`)
    expect(wrapper).not.toContain('HTTPS_PROXY')
    expect(wrapper).not.toContain("$(x)'\n")
  })

  test('no process to watch, and files that only the job may read', async () => {
    const { target } = await rendered({ openstack: credentials })
    expect((await stat(join(target, 'config/cpi.json'))).mode & 0o007).toBe(0)
    expect((await stat(join(target, 'bin/cpi'))).mode & 0o100).toBe(0o100)
  })

  test.each(['openstack_cpi', 'openstack_cpi_golang'])(
    'bin/cpi of %s answers info with an empty environment',
    async (job) => {
      const { target } = await rendered({ openstack: { auth_url: 'unused' } }, job)
      const request = { method: 'info', arguments: [], context: { director_uuid: 'd' } }
      const answer = await callCpi(join(target, 'bin/cpi'), installation.environment, request)
      expect(answer).toMatchObject({ error: null, result: { api_version: 3 } })
    },
  )
})
