import { expect, test } from 'vitest'
import { useCloud } from '../cloud-fixture.ts'

const given = useCloud()

test('§7.16 update_disk: a disk of another type and a larger size, in place; the same again is nothing; smaller is for a copy', async () => {
  const { cloud, view, directorWith } = given()
  const director = await directorWith({ openstack: { default_volume_type: 'standard' } })
  const disk = String(await director.ask('create_disk', [1024, {}, null]))
  const volume = () => view.volume(disk)
  expect(await volume()).toMatchObject({ size: 1, volume_type: 'standard', status: 'available' })

  expect(Object.keys(cloud.volume_types)).toContain('fast')
  expect([null, disk]).toContain(await director.ask('update_disk', [disk, 3 * 1024, { type: 'fast' }]))
  const updated = await volume()
  expect(updated).toMatchObject({ size: 3, volume_type: 'fast', status: 'available' })

  await director.ask('update_disk', [disk, 3 * 1024, { type: 'fast' }])
  expect((await volume())?.['updated_at']).toBe(updated?.['updated_at'])

  const shrunk = await director.call('update_disk', [disk, 1024, { type: 'standard' }])
  expect(shrunk.error?.type).toBe('Bosh::Clouds::NotSupported')
  expect(await volume()).toMatchObject({ size: 3, volume_type: 'fast' })

  const unknown = await director.call('update_disk', [disk, 3 * 1024, { type: 'no-such-type' }])
  expect(unknown.error?.message).toContain('no-such-type')
  expect(await volume()).toMatchObject({ size: 3, volume_type: 'fast', status: 'available' })
  await director.ask('delete_disk', [disk])
  expect(await volume()).toBeUndefined()
})
