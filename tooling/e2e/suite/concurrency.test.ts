import { join } from 'node:path'
import { loginsAmong, openCountingListener } from '@openstack-cpi/harness/counting-proxy'
import { createVmArguments } from '@openstack-cpi/harness/create-vm'
import { describe, expect, test } from 'vitest'
import { useCloud } from '../cloud-fixture.ts'

const given = useCloud()
const workers = 32

describe(`${workers} processes in parallel, as many as a director has workers`, () => {
  test('contract §2 every VM is made and deleted, and all share one login', async () => {
    const { cloud, folder, directorWith } = given()
    const listener = await openCountingListener(cloud)
    try {
      const { auth_url } = listener.cloud
      const openstack = { auth_url, connection_options: { read_timeout: 300 }, state_timeout: 900 }
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
      expect(loginsAmong(listener.take())).toHaveLength(1)
    } finally {
      await listener.close()
    }
  }, 1_200_000)
})
