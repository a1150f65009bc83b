import { openCountingListener } from '@openstack-cpi/harness/counting-proxy'
import { runLifeCycle } from '@openstack-cpi/harness/life-cycle'
import { writeStemcellImage } from '@openstack-cpi/harness/stemcell'
import type { TenantView } from '@openstack-cpi/harness/tenant'
import { describe, expect, test } from 'vitest'
import { useCloud } from '../cloud-fixture.ts'

const given = useCloud()

/** Only on request: the CPI itself asks for a microversion where it needs one, and for none elsewhere. */
const isWanted = process.env['E2E_LATEST_MICROVERSIONS'] === '1'

describe.runIf(isWanted)('every request to Nova and Cinder asks for the newest microversion of the cloud', () => {
  test('which calls of the life cycle still succeed', async () => {
    const { cloud, view, folder, directorWith } = given()
    const compute = await newestMicroversion(view, 'compute')
    const volume = await newestMicroversion(view, 'volumev3')
    console.log(`newest microversions: compute ${compute}, volume ${volume}`)
    const originOf = (service: string): string => new URL(view.url(service)).origin
    const pinned = new Map([
      [originOf('compute'), { 'openstack-api-version': `compute ${compute}`, 'x-openstack-nova-api-version': compute }],
      [originOf('volumev3'), { 'openstack-api-version': `volume ${volume}` }],
    ])
    const listener = await openCountingListener(cloud, (origin) => pinned.get(origin) ?? {})
    try {
      const director = await directorWith({ openstack: { auth_url: listener.cloud.auth_url } })
      const steps = await runLifeCycle({
        director,
        cloud: listener.cloud,
        imagePath: await writeStemcellImage(folder),
        ip: '10.10.2.18',
      })
      for (const { method, answer } of steps) console.log(`${method}: ${answer.error?.message ?? 'ok'}`)
      expect(steps.filter(({ answer }) => answer.error)).toEqual([])
    } finally {
      await listener.close()
    }
  })
})

async function newestMicroversion(view: TenantView, service: string): Promise<string> {
  const root = view.url(service).replace(/(\/v[\d.]+).*$/, '$1/')
  const document = (await (await fetch(root, { headers: { 'x-auth-token': view.token } })).json()) as {
    version?: { version: string }
    versions?: { version: string }[]
  } // Nova's and Cinder's version documents
  const newest = document.version?.version ?? document.versions?.[0]?.version
  if (newest === undefined) throw new Error(`${root} tells no microversion`)
  return newest
}
