import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { Effect } from './effect.ts'

const nobody = '00000000-0000-4000-8000-000000000000'

/** Options of an s3 blobstore, which the job has twice: for everybody, and for agents only. */
const s3 = {
  credentials_source: 'static',
  access_key_id: 'k',
  secret_access_key: 's',
  host: 's3.example.com',
  use_ssl: false,
  ssl_verify_peer: false,
  s3_region: 'eu',
  s3_port: 9000,
  s3_force_path_style: true,
  s3_multipart_threshold: 5_242_880,
  s3_signature_version: '4',
}

/** What agents are told, what is accepted and ignored, and how the CPI itself behaves. */
export const agentEffects: readonly Effect[] = [
  {
    name: 'agents get bus, time servers and blobstore; a registry is accepted and ignored',
    job: 'openstack_cpi',
    proves: [
      ...['agent.mbus', 'ntp', 'blobstore.provider', 'blobstore.address', 'blobstore.port', 'blobstore.agent.user'],
      ...['blobstore.agent.password', 'agent.blobstore.address', 'blobstore.tls.cert.ca'],
      ...['registry.endpoint', 'registry.host', 'registry.port', 'registry.username', 'registry.password'],
    ],
    run: async (stage) => {
      const registry = { host: '127.0.0.1', port: 6901, username: 'r', password: 'r' }
      const cpi = await stage.cpi(
        { ...stage.login('bosh'), human_readable_vm_names: true },
        {
          registry: { ...registry, endpoint: 'http://r:r@127.0.0.1:6901' },
          agent: { mbus: 'https://mbus:pw@0.0.0.0:6868', blobstore: { address: '10.0.0.7' } },
          ntp: ['t1.example.com'],
          blobstore: {
            provider: 'dav',
            address: '10.0.0.6',
            port: 25251,
            agent: { user: 'agent', password: 'secret' },
            tls: { cert: { ca: 'CA' } },
          },
        },
      )
      await cpi.ask('create_vm', ...stage.vm())
      const settings = stage.agentSettings()
      expect(settings).toMatchObject({
        mbus: 'https://mbus:pw@0.0.0.0:6868',
        ntp: ['t1.example.com'],
        blobstore: {
          provider: 'dav',
          options: {
            endpoint: 'https://10.0.0.7:25251',
            user: 'agent',
            password: 'secret',
            tls: { cert: { ca: 'CA' } },
          },
        },
      })
      expect(settings).not.toHaveProperty('registry')
    },
  },
  {
    name: 'agents get the bus that nats.* describes, and of an s3 blobstore what is meant for them',
    job: 'openstack_cpi_golang',
    proves: [
      ...['nats.user', 'nats.password', 'nats.address', 'nats.port', 'blobstore.provider', 'blobstore.bucket_name'],
      ...Object.keys(s3).flatMap((name) => [`blobstore.${name}`, `agent.blobstore.${name}`]),
    ],
    run: async (stage) => {
      const forEverybody = Object.fromEntries(Object.keys(s3).map((name) => [name, 'not for agents']))
      const cpi = await stage.cpi(stage.login('bosh'), {
        nats: { user: 'n', password: 'p', address: '10.0.0.6', port: 4223 },
        blobstore: { provider: 's3', bucket_name: 'b', ...forEverybody },
        agent: { blobstore: s3 },
      })
      await cpi.ask('create_vm', ...stage.vm())
      const { s3_region: region, s3_port: port, s3_signature_version: signature_version, ...asTheyAre } = s3
      expect(stage.agentSettings()).toMatchObject({
        mbus: 'nats://n:p@10.0.0.6:4223',
        blobstore: { provider: 's3', options: { bucket_name: 'b', ...asTheyAre, region, port, signature_version } },
      })
    },
  },
  {
    name: 'the log tells each request at debug, and the login is kept in the job’s own data directory unless forbidden',
    job: 'openstack_cpi',
    proves: ['cpi.log_level', 'cpi.token_cache'],
    run: async (stage) => {
      const keeping = await stage.cpi(stage.login('bosh'), { cpi: { log_level: 'debug' } })
      const data = join(keeping.folder, '../../data/openstack_cpi')
      await mkdir(data, { recursive: true }) // as the agent does
      try {
        const first = await keeping.call('has_vm', nobody)
        expect(first.stderr).toMatch(/DEBUG .*GET .*\/servers\//)
        expect((await keeping.call('has_vm', nobody)).result).toBe(false)
        expect(stage.bodies('tokens.create')).toHaveLength(1)
        expect(await readdir(join(data, 'cache'))).not.toEqual([])
      } finally {
        await rm(data, { recursive: true })
      }

      const forgetting = await stage.cpi(stage.login('bosh'), { cpi: { token_cache: false } })
      const { result, stderr } = await forgetting.call('has_vm', nobody)
      expect(result).toBe(false)
      expect(stderr).not.toContain('DEBUG')
      expect(stage.bodies('tokens.create')).toHaveLength(2)
    },
  },
]
