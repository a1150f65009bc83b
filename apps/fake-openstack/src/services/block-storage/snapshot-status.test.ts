import { expect, test } from 'vitest'
import { userClient } from '../../../test/user-client.ts'
import { createFakeOpenStack } from '../../fake-openstack.ts'

test('the owner of a snapshot that is being made says how far it has come', async () => {
  const cloud = createFakeOpenStack()
  const [admin, bosh] = [await userClient(cloud, 'admin', '/volume/v3'), await userClient(cloud, 'bosh', '/volume/v3')]
  const { volume } = (await bosh('POST', '/volumes', { volume: { size: 1 } })).json
  cloud.clock.advance('10s')
  const { snapshot } = (await bosh('POST', '/snapshots', { snapshot: { volume_id: volume.id } })).json
  const path = `/snapshots/${snapshot.id}`
  const update = (asked: object) => bosh('POST', `${path}/action`, { 'os-update_snapshot_status': asked })
  expect((await update({ status: 'nope' })).json.badRequest.message).toBe(
    'Provided snapshot status nope not allowed for snapshot with status creating.',
  )
  expect((await update({ status: 'error', progress: '80%' })).status).toBe(202)
  cloud.clock.advance('10s')
  expect((await bosh('GET', path)).json.snapshot).toMatchObject({
    status: 'error',
    'os-extended-snapshot-attributes:progress': '80%',
  })
  expect((await update({ status: 'available' })).json.badRequest.message).toBe(
    'Snapshot status error not allowed for update_snapshot_status',
  )
  await admin('POST', `${path}/action`, { 'os-reset_status': { status: 'deleting' } })
  expect((await update({ status: 'error_deleting' })).status).toBe(202)
})
