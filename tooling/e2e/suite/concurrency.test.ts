import { join } from 'node:path'
import { startCountingProxy } from '@openstack-cpi/harness/counting-proxy'
import { createVmArguments } from '@openstack-cpi/harness/create-vm'
import { describe, expect, test } from 'vitest'
import { useCloud } from '../cloud-fixture.ts'

const given = useCloud()
const workers = 32

describe(`${workers} processes in parallel, as many as a director has workers`, () => {
  test('contract §2 every VM is made and deleted, and all share one login', async () => {
    const { cloud, folder, directorWith } = given()
    const proxy = await startCountingProxy()
    try {
      const openstack = { connection_options: { proxy: proxy.url, read_timeout: 300 }, state_timeout: 900 }
      const environment = { OPENSTACK_CPI_CACHE_DIR: join(folder, 'cache') }
      const director = await directorWith({ openstack, environment })
      const created = await Promise.all(
        Array.from({ length: workers }, (_, index) =>
          director.call(
            'create_vm',
            createVmArguments(cloud, { agent: `agent-${index}`, networks: `10.10.3.${100 + index}` }),
          ),
        ),
      )
      const failures = created.filter((answer) => answer.error !== null)
      const vms = created.flatMap((answer) => (answer.error === null ? [(answer.result as [string])[0]] : []))
      const deleted = await Promise.all(vms.map((vm) => director.call('delete_vm', [vm])))
      expect(failures.map((answer) => answer.error?.message)).toEqual([])
      expect(deleted.map((answer) => answer.error)).toEqual(vms.map(() => null))
      const logins = proxy.take().filter(({ method, url }) => method === 'POST' && url.endsWith('/auth/tokens'))
      expect(logins).toHaveLength(1)
    } finally {
      await proxy.close()
    }
  }, 1_200_000)
})
