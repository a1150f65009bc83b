import { openCountingListener } from '@openstack-cpi/harness/counting-proxy'
import { runLifeCycle } from '@openstack-cpi/harness/life-cycle'
import { writeStemcellImage } from '@openstack-cpi/harness/stemcell'
import { expect, onTestFinished, test } from 'vitest'
import { useCloud } from '../cloud-fixture.ts'

const given = useCloud()

/** Only on request: the CPI itself asks for a microversion where it needs one, and for none elsewhere. */
const isWanted = process.env['E2E_LATEST_MICROVERSIONS'] === '1'

/** Origin of a service, and the header that asks it for the newest microversion it has. */
async function newestMicroversion(service: string, name: string) {
  const { view } = given()
  const root = view.url(service).replace(/(\/v[\d.]+).*$/, '$1/')
  const response = await fetch(root, { headers: { 'x-auth-token': view.login.token } })
  const { version, versions } = (await response.json()) as {
    version?: { version: string }
    versions?: { version: string }[]
  } // Nova's and Cinder's version documents
  const newest = version?.version ?? versions?.[0]?.version
  expect(newest, root).toMatch(/^\d+\.\d+$/)
  console.log(`newest microversion: ${name} ${newest}`)
  return [new URL(root).origin, { 'openstack-api-version': `${name} ${newest}` }] as const
}

test.runIf(isWanted)('the life cycle succeeds with the newest microversions of the cloud', async () => {
  const { cloud, folder, directorWith } = given()
  const newest = [await newestMicroversion('compute', 'compute'), await newestMicroversion('volumev3', 'volume')]
  const listener = await openCountingListener(cloud, new Map(newest))
  onTestFinished(() => listener.close())
  const director = await directorWith({ openstack: { auth_url: listener.cloud.auth_url } })
  await runLifeCycle({
    director,
    cloud,
    imagePath: await writeStemcellImage(folder),
    ip: '10.10.2.18',
    onStep: (method, _purpose, { error }) => expect.soft(error, method).toBeNull(),
  })
  expect(listener.take()).not.toEqual([])
})
