import { expect, test } from 'vitest'
import { computeCloud } from '../../../test/compute-client.ts'

test('the password of a server is empty, and nothing is there to clear or to restore', async () => {
  const { nova, running } = await computeCloud()
  const id = await running()
  const path = `/servers/${id}`
  expect((await nova('GET', `${path}/os-server-password`)).json).toEqual({ password: '' })
  expect((await nova('DELETE', `${path}/os-server-password`)).status).toBe(204)
  expect((await nova('GET', '/servers/nope/os-server-password')).status).toBe(404)
  expect((await nova('POST', `${path}/action`, { restore: null })).json.conflictingRequest.message).toBe(
    `Cannot 'restore' instance ${id} while it is in vm_state active`,
  )
})
