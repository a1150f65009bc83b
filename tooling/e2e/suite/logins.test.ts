import { describe, expect, test } from 'vitest'
import { useCloud } from '../cloud-fixture.ts'

const given = useCloud()
const absent = '11111111-1111-4111-8111-111111111111'

describe('§2.1 ways to log in', () => {
  test('an application credential needs no project, and a wrong secret of it is refused without being told', async () => {
    const { view, directorWith } = given()
    const made = await view.request('POST', 'identity', `users/${await userId()}/application_credentials`, {
      application_credential: { name: 'openstack-cpi-e2e' },
    })
    expect(made.status).toBe(201)
    const { id, secret } = (made.body as { application_credential: { id: string; secret: string } })
      .application_credential // Keystone's documented answer
    const without = { username: null, api_key: null, project: null, domain: null }
    const credential = { ...without, application_credential_id: id, application_credential_secret: secret }
    try {
      const director = await directorWith({ openstack: credential })
      expect(await director.ask('has_vm', [absent])).toBe(false)
      const disk = String(await director.ask('create_disk', [1024, {}, null]))
      expect(await view.volume(disk)).toMatchObject({ status: 'available' })
      await director.ask('delete_disk', [disk])

      const wrong = { ...credential, application_credential_secret: 'a-wrong-secret' }
      const refused = await (await directorWith({ openstack: wrong })).call('has_vm', [absent])
      expect(refused.error).toMatchObject({ type: 'Bosh::Clouds::CloudError', ok_to_retry: false })
      expect(JSON.stringify(refused)).not.toContain('a-wrong-secret')
    } finally {
      await view.request('DELETE', 'identity', `users/${await userId()}/application_credentials/${id}`)
    }

    async function userId(): Promise<string> {
      const { body } = await view.request('GET', 'identity', 'auth/tokens', undefined, {
        'x-subject-token': view.token,
      })
      return (body as { token: { user: { id: string } } }).token.user.id // Keystone's documented answer
    }
  })

  test('the project by id, and domains of user and project by name', async () => {
    const { cloud, view, directorWith } = given()
    const byId = { project: null, project_id: view.projectId }
    expect(await (await directorWith({ openstack: byId })).ask('has_vm', [absent])).toBe(false)
    const twoDomains = { domain: null, user_domain_name: cloud.domain, project_domain_name: cloud.domain }
    expect(await (await directorWith({ openstack: twoDomains })).ask('has_vm', [absent])).toBe(false)
    const elsewhere = { domain: null, user_domain_name: cloud.domain, project_domain_name: 'no-such-domain' }
    const refused = await (await directorWith({ openstack: elsewhere })).call('has_vm', [absent])
    expect(refused.error?.type).toBe('Bosh::Clouds::CloudError')
  })

  test.each(['publicURL', 'internalURL', 'admin'])('endpoints of the interface %s', async (interfaceName) => {
    const director = await given().directorWith({ openstack: { endpoint_type: interfaceName } })
    expect(await director.ask('has_vm', [absent])).toBe(false)
  })
})
