import { fakeCloudTest } from 'fake-openstack/vitest'
import { expect } from 'vitest'

const test = fakeCloudTest({ clock: 'virtual' })

test('the cloud tells its versions', async ({ cloud }) => {
  expect((await cloud.fetch(cloud.authUrl)).status).toBe(200)
  expect(cloud.journal.of('versions.show')).toHaveLength(1)
})
