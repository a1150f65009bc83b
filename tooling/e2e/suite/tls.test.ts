import { readFile } from 'node:fs/promises'
import { writeCpiConfig } from '@openstack-cpi/harness/cpi-config'
import { Director } from '@openstack-cpi/harness/director'
import { stemcellCloudProperties, writeStemcellImage } from '@openstack-cpi/harness/stemcell'
import { describe, expect, test } from 'vitest'
import { useCloud } from '../cloud-fixture.ts'

const given = useCloud()

describe('TLS with a private CA', () => {
  test('§3.3, §7.2 every request trusts the CA of the file, uploads included', async ({ skip }) => {
    const { cloud, folder, directorWith } = given()
    if (!cloud.tls_auth_url) skip('this cloud has no TLS listener')
    const director = await directorWith({ tls: true })
    const stemcell = await director.ask('create_stemcell', [await writeStemcellImage(folder), stemcellCloudProperties])
    const disk = await director.ask('create_disk', [1024, {}, null])
    await director.ask('delete_disk', [disk])
    await director.ask('delete_stemcell', [stemcell])
  })

  test('§3.3 the CA may come with the context, as text', async ({ skip }) => {
    const { cloud, folder } = given()
    if (!cloud.tls_auth_url || !cloud.ca_file) skip('this cloud has no TLS listener')
    const director = new Director({ configFile: await writeCpiConfig(folder, cloud, { tls: true }) })
    const context = { connection_options: { ca_cert: await readFile(String(cloud.ca_file), 'utf8') } }
    expect(await director.ask('has_disk', ['8d6b0a3e-0000-4000-8000-000000000000'], { context })).toBe(false)
  })

  test('§3.3 an unknown CA is an error before any credential is sent; ssl_verify_peer: false is the way out', async ({
    skip,
  }) => {
    const { cloud, folder } = given()
    if (!cloud.tls_auth_url) skip('this cloud has no TLS listener')
    const director = new Director({
      configFile: await writeCpiConfig(folder, cloud, { tls: true, openstack: { request_retries: 0 } }),
    })
    const answer = await director.call('has_disk', ['8d6b0a3e-0000-4000-8000-000000000000'])
    expect(answer.error).toMatchObject({ type: 'Bosh::Clouds::CloudError' })
    expect(answer.error?.message).toMatch(/certificate/i)
    const context = { connection_options: { ssl_verify_peer: false } }
    expect(await director.ask('has_disk', ['8d6b0a3e-0000-4000-8000-000000000000'], { context })).toBe(false)
  })
})
