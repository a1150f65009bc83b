import { stemcellCloudProperties, writeStemcellImage } from '@openstack-cpi/harness/stemcell'
import { describe, expect, test } from 'vitest'
import { type CloudFixture, useCloud } from '../cloud-fixture.ts'
import { testScenarios } from '../scenarios.ts'

const given = useCloud()
testScenarios('logins')
const absent = '11111111-1111-4111-8111-111111111111'
const refusal = { type: 'Bosh::Clouds::CloudError', ok_to_retry: false }

/** Makes a call with another configuration of the login. */
const lookUp = async (openstack: object, more: Omit<Parameters<CloudFixture['directorWith']>[0], 'openstack'> = {}) =>
  (await given().directorWith({ openstack: { request_retries: 0, ...openstack }, ...more })).call('has_vm', [absent])

describe('§2.1 ways to log in', () => {
  test('an application credential needs no project, and a wrong secret of it is refused without being told', async () => {
    const { view, directorWith } = given()
    const path = `users/${view.login.userId}/application_credentials`
    const made = await view.request('POST', 'identity', path, {
      application_credential: { name: 'openstack-cpi-e2e' },
    })
    const { id, secret } = (made.body as { application_credential: { id: string; secret: string } })
      .application_credential // Keystone's documented answer
    const without = { username: null, api_key: null, project: null, domain: null }
    const credential = { ...without, application_credential_id: id, application_credential_secret: secret }
    try {
      const director = await directorWith({ openstack: credential })
      const disk = String(await director.ask('create_disk', [1024, {}, null]))
      expect(await view.volume(disk)).toMatchObject({ status: 'available' })
      await director.ask('delete_disk', [disk])

      const refused = await lookUp({ ...credential, application_credential_secret: 'a-wrong-secret' })
      expect(refused.error).toMatchObject(refusal)
      expect(JSON.stringify(refused)).not.toContain('a-wrong-secret')
    } finally {
      await view.request('DELETE', 'identity', `${path}/${id}`)
    }
  })
})

describe('§3.3 TLS with a private CA', () => {
  test('every request trusts the CA of the file, uploads included', async ({ skip }) => {
    const { cloud, folder, directorWith } = given()
    if (!cloud.tls_auth_url) skip('this cloud has no TLS listener')
    const director = await directorWith({ tls: true })
    const stemcell = await director.ask('create_stemcell', [await writeStemcellImage(folder), stemcellCloudProperties])
    const disk = await director.ask('create_disk', [1024, {}, null])
    await director.ask('delete_disk', [disk])
    await director.ask('delete_stemcell', [stemcell])
  })

  test('an unknown CA is an error before any credential is sent; ssl_verify_peer: false is the way out', async ({
    skip,
  }) => {
    const { cloud } = given()
    if (!cloud.tls_auth_url) skip('this cloud has no TLS listener')
    const unknownCa = { auth_url: cloud.tls_auth_url }
    expect((await lookUp(unknownCa)).error).toMatchObject({ message: expect.stringMatching(/certificate/i) })
    const unchecked = { ...unknownCa, connection_options: { ssl_verify_peer: false } }
    expect(await lookUp(unchecked)).toMatchObject({ result: false, error: null })
  })
})
