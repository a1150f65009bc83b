import { createFakeOpenStack } from 'fake-openstack'
import { expect } from 'vitest'
import type { Effect, Stage } from './effect.ts'

const nobody = '00000000-0000-4000-8000-000000000000'

const twoRegions = {
  seed: { ...createFakeOpenStack().seed, regions: ['RegionOne', 'RegionTwo'] },
  distinctInterfaces: true,
}

async function applicationCredential({ cloud }: Stage): Promise<{ readonly id: string; readonly secret: string }> {
  const path = `identity/v3/users/${cloud.userId('bosh')}/application_credentials`
  const answer = await cloud.fetch(`${cloud.url}/${path}`, {
    method: 'POST',
    headers: { 'x-auth-token': await cloud.token('bosh'), 'content-type': 'application/json' },
    body: JSON.stringify({ application_credential: { name: 'cpi' } }),
  })
  const { application_credential } = JSON.parse(await answer.text())
  cloud.journal.clear()
  return application_credential
}

/** Who logs in, for which project, and which of the catalog's endpoints are asked. */
export const loginEffects: readonly Effect[] = [
  {
    name: 'a password login goes by the names of user, project and domain, and asks the region and interface chosen',
    job: 'openstack_cpi',
    proves: ['auth_url', 'username', 'api_key', 'project', 'domain', 'region', 'endpoint_type'].map(openstack),
    cloud: twoRegions,
    run: async (stage) => {
      const cpi = await stage.cpi({ ...stage.login('bosh'), region: 'RegionTwo', endpoint_type: 'internalURL' })
      expect(await cpi.ask('has_vm', nobody)).toBe(false)
      expect(stage.bodies('tokens.create')).toMatchObject([
        {
          auth: {
            identity: { password: { user: { name: 'bosh', domain: { name: 'Default' } } } },
            scope: { project: { name: 'bosh', domain: { name: 'Default' } } },
          },
        },
      ])
      expect(stage.paths('servers.show')).toEqual([expect.stringMatching(/^\/at\/RegionTwo\/internal\/compute\//)])
    },
  },
  {
    name: 'without region and endpoint_type the first region and its public endpoints are asked',
    job: 'openstack_cpi_golang',
    proves: ['region', 'endpoint_type'].map(openstack),
    cloud: twoRegions,
    run: async (stage) => {
      const cpi = await stage.cpi(stage.login('bosh'))
      expect(await cpi.ask('has_vm', nobody)).toBe(false)
      expect(stage.paths('servers.show')).toEqual([expect.stringMatching(/^\/compute\//)])
    },
  },
  {
    name: 'a wrong password is refused',
    job: 'openstack_cpi',
    proves: ['api_key'].map(openstack),
    run: async (stage) => {
      const cpi = await stage.cpi({ ...stage.login('bosh'), api_key: 'another' })
      expect(await cpi.refusal('has_vm', nobody)).toContain('refused the login')
    },
  },
  {
    name: 'project_id wins over project',
    job: 'openstack_cpi_golang',
    proves: ['project_id'].map(openstack),
    run: async (stage) => {
      const project_id = stage.cloud.projectId('bosh')
      const cpi = await stage.cpi({ ...stage.login('bosh'), project: 'none-such', project_id })
      expect(await cpi.ask('has_vm', nobody)).toBe(false)
      expect(stage.bodies('tokens.create')).toMatchObject([{ auth: { scope: { project: { id: project_id } } } }])
    },
  },
  {
    name: 'user and project are looked for in domains of their own',
    job: 'openstack_cpi_golang',
    proves: ['user_domain_name', 'project_domain_name'].map(openstack),
    run: async (stage) => {
      const { domain: _, ...login } = stage.login('bosh')
      const cpi = await stage.cpi({ ...login, user_domain_name: 'Default', project_domain_name: 'cf' })
      expect(await cpi.refusal('has_vm', nobody)).toContain('refused the login')
      expect(stage.bodies('tokens.create')).toMatchObject([
        {
          auth: {
            identity: { password: { user: { domain: { name: 'Default' } } } },
            scope: { project: { domain: { name: 'cf' } } },
          },
        },
      ])
    },
  },
  {
    name: 'an application credential needs nothing else',
    job: 'openstack_cpi_golang',
    proves: ['application_credential_id', 'application_credential_secret'].map(openstack),
    run: async (stage) => {
      const { id, secret } = await applicationCredential(stage)
      const { auth_url } = stage.login('bosh')
      const credential = { auth_url, application_credential_id: id, application_credential_secret: secret }
      const cpi = await stage.cpi(credential)
      expect(await cpi.ask('has_vm', nobody)).toBe(false)
      expect(stage.bodies('tokens.create')).toMatchObject([
        { auth: { identity: { methods: ['application_credential'], application_credential: { id } } } },
      ])
    },
  },
  {
    name: 'Keystone v2 knows the tenant',
    job: 'openstack_cpi',
    proves: ['tenant'].map(openstack),
    cloud: { keystoneV2: true },
    run: async (stage) => {
      const login = { ...stage.login('bosh', `${stage.url}/identity/v2.0`), project: null, domain: null }
      const cpi = await stage.cpi({ ...login, tenant: 'bosh' })
      expect(await cpi.ask('has_vm', nobody)).toBe(false)
      const { journal } = stage.cloud
      expect(journal.since().find(({ path }) => path.endsWith('/v2.0/tokens'))?.request).toMatchObject({
        auth: { tenantName: 'bosh' },
      })
    },
  },
  {
    name: 'a service can be asked elsewhere than the catalog says',
    job: 'openstack_cpi',
    proves: ['endpoint_overrides'].map(openstack),
    cloud: twoRegions,
    run: async (stage) => {
      const compute = `${stage.url}/at/RegionTwo/admin/compute/v2.1`
      const cpi = await stage.cpi({ ...stage.login('bosh'), endpoint_overrides: { compute } })
      expect(await cpi.ask('has_vm', nobody)).toBe(false)
      expect(stage.paths('servers.show')).toEqual([expect.stringMatching(/^\/at\/RegionTwo\/admin\/compute\//)])
    },
  },
  {
    name: 'what was withdrawn is refused, all together; its default is not',
    job: 'openstack_cpi',
    proves: ['use_nova_networking', 'enable_auto_anti_affinity'].map(openstack),
    run: async (stage) => {
      const withdrawn = (value: boolean) => ({ use_nova_networking: value, enable_auto_anti_affinity: value })
      const refusing = await stage.cpi({ ...stage.login('bosh'), ...withdrawn(true) })
      const message = await refusing.refusal('has_vm', nobody)
      for (const name of Object.keys(withdrawn(true))) expect(message).toContain(name)
      expect(stage.cloud.journal.count).toBe(0)
      const accepting = await stage.cpi({ ...stage.login('bosh'), ...withdrawn(false) })
      expect(await accepting.ask('has_vm', nobody)).toBe(false)
    },
  },
]

function openstack(name: string): string {
  return `openstack.${name}`
}
