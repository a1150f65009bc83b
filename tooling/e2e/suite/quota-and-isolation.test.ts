import { createVmArguments } from '@openstack-cpi/harness/create-vm'
import { TenantView } from '@openstack-cpi/harness/tenant'
import { expect, test } from 'vitest'
import { useCloud } from '../cloud-fixture.ts'

const given = useCloud()

test('the project with tight quotas: each quota error has its type, comes immediately, and leaves nothing', async () => {
  const { cloud, directorWith } = given()
  const director = await directorWith({
    tenant: cloud.small_user,
    openstack: { default_key_name: null, default_security_groups: [] },
  })
  const view = await TenantView.login(cloud, cloud.small_user)
  const before = await view.inventory()

  const disk = await director.call('create_disk', [5 * 1024, {}, null])
  expect(disk.error).toMatchObject({ type: 'Bosh::Clouds::NoDiskSpace', ok_to_retry: false })

  const networks = { default: { type: 'dynamic', cloud_properties: { net_id: cloud.small_user.network_id } } }
  const params = { properties: { instance_type: 'm1.medium' }, networks }
  const vm = await director.call('create_vm', createVmArguments(cloud, params))
  expect(vm.error).toMatchObject({ type: 'Bosh::Clouds::VMCreationFailed', ok_to_retry: false })
  expect(vm.error?.message).toMatch(/[Qq]uota/)
  expect(await view.inventory()).toEqual(before)
})

test('isolation: what belongs to another project does not exist', async () => {
  const { cloud, director: mine, directorWith } = given()
  const disk = String(await mine.ask('create_disk', [1024, {}, null]))
  const other = await directorWith({ tenant: cloud.other_user, openstack: { default_key_name: null } })
  expect(await other.ask('has_disk', [disk])).toBe(false)
  expect((await other.call('delete_disk', [disk])).error).toBeNull()
  expect(await mine.ask('has_disk', [disk])).toBe(true)
  await mine.ask('delete_disk', [disk])
})
