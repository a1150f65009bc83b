import { expect, test } from 'vitest'
import { useCloud } from '../cloud-fixture.ts'

const given = useCloud()

test('§7.10 create_disk beyond the quota of the project answers NoDiskSpace immediately', async () => {
  const { cloud, directorWith } = given()
  const director = await directorWith({ tenant: cloud.small_user })
  const disk = await director.call('create_disk', [5 * 1024, {}, null])
  expect(disk.error).toMatchObject({ type: 'Bosh::Clouds::NoDiskSpace', ok_to_retry: false })
})

test('§7.12 what belongs to another project does not exist', async () => {
  const { cloud, director: mine, directorWith } = given()
  const disk = String(await mine.ask('create_disk', [1024, {}, null]))
  const other = await directorWith({ tenant: cloud.other_user })
  expect(await other.ask('has_disk', [disk])).toBe(false)
  expect((await other.call('delete_disk', [disk])).error).toBeNull()
  expect(await mine.ask('has_disk', [disk])).toBe(true)
  await mine.ask('delete_disk', [disk])
})
