import { expect, test } from 'vitest'
import { userClient } from '../../../test/user-client.ts'
import { createFakeOpenStack } from '../../fake-openstack.ts'

const keystone = async () => {
  const cloud = createFakeOpenStack()
  const [admin, bosh] = [
    await userClient(cloud, 'admin', '/identity/v3'),
    await userClient(cloud, 'bosh', '/identity/v3'),
  ]
  const { domain } = (await admin('POST', '/domains', { domain: { name: 'd' } })).json
  return { admin, bosh, path: `/domains/${domain.id}/config` }
}

const ldap = { url: 'ldap://x', user_tree_dn: 'y' }

test('a domain is configured as a whole, by group and by option', async () => {
  const { admin, bosh, path } = await keystone()
  expect((await bosh('GET', path)).status).toBe(403)
  expect((await admin('GET', path)).status).toBe(404)
  const config = { identity: { driver: 'ldap' }, ldap }
  const secret = { ...config, ldap: { ...ldap, password: 's' } }
  expect(await admin('PUT', path, { config: secret })).toEqual({ status: 201, json: { config } })
  expect((await admin('PUT', path, { config })).status).toBe(200)
  expect((await admin('GET', `${path}/ldap`)).json).toEqual({ config: { ldap } })
  expect((await admin('GET', `${path}/ldap/url`)).json).toEqual({ config: { url: 'ldap://x' } })
  const group = await admin('PATCH', `${path}/ldap`, { config: { ldap: { url: 'ldap://z' } } })
  expect(group.json.config).toEqual({ ...config, ldap: { ...ldap, url: 'ldap://z' } })
  const option = await admin('PATCH', `${path}/ldap/url`, { config: { url: 'ldap://v' } })
  expect(option.json.config.ldap.url).toBe('ldap://v')
  expect((await admin('DELETE', `${path}/ldap/url`)).status).toBe(204)
  expect((await admin('GET', `${path}/ldap/url`)).json.error.message).toMatch(
    /^Could not find option url in group ldap/,
  )
  expect((await admin('DELETE', `${path}/ldap`)).status).toBe(204)
  expect((await admin('GET', path)).json).toEqual({ config: { identity: { driver: 'ldap' } } })
  expect((await admin('DELETE', path)).status).toBe(204)
  expect((await admin('GET', path)).status).toBe(404)
})

test('unknown groups and options of a domain configuration are refused', async () => {
  const { admin, path } = await keystone()
  const refusal = async (config: object) => (await admin('PUT', path, { config })).json.error.message
  const refused = 'Invalid domain specific configuration:'
  expect(await refusal({})).toBe(`${refused} No options specified.`)
  expect(await refusal({ nope: { a: 1 } })).toBe(
    `${refused} Group nope is not supported for domain specific configurations.`,
  )
  expect(await refusal({ ldap: { nope: 1 } })).toBe(
    `${refused} Option nope in group ldap is not supported for domain specific configurations.`,
  )
  const other = await admin('PATCH', `${path}/ldap`, { config: { identity: { driver: 'x' } } })
  expect(other.json.error.message).toBe(
    `${refused} request to update group ldap, but config provided contains group identity instead.`,
  )
})

test('the defaults of domain configurations are shown as a whole, by group and by option', async () => {
  const { admin } = await keystone()
  const { config } = (await admin('GET', '/domains/config/default')).json
  expect(config.identity).toEqual({ driver: 'sql', list_limit: null })
  expect((await admin('GET', '/domains/config/ldap/default')).json.config.ldap).toEqual(config.ldap)
  expect((await admin('GET', '/domains/config/ldap/url/default')).json).toEqual({ config: { url: 'ldap://localhost' } })
  expect((await admin('GET', '/domains/config/nope/default')).status).toBe(403)
})
