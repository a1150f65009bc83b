import { expect, test } from 'vitest'
import { computeCloud } from '../../../test/compute-client.ts'

const file = (path: string, contents = 'eA==') => ({ path, contents })
const six = ['/a', '/b', '/c', '/d', '/e', '/f'].map((path) => file(path))

test.each([
  ['too many files', six, 'Personality file limit exceeded'],
  ['a path that is too long', [file(`/${'x'.repeat(255)}`)], 'Personality file path exceeds maximum 255'],
  ['too long contents', [file('/a', 'eHh4'.repeat(2600))], 'Personality file content exceeds maximum 10240'],
])('a server with %s is refused by the quota, new or rebuilt', async (_, personality, message) => {
  const { nova, idOf, request, running } = await computeCloud()
  const made = await nova('POST', '/servers', { server: request({ personality }) })
  expect([made.status, made.json.forbidden?.message]).toEqual([403, message])
  const rebuild = { imageRef: idOf('images', 'tiny-image'), personality }
  const rebuilt = await nova('POST', `/servers/${await running()}/action`, { rebuild })
  expect([rebuilt.status, rebuilt.json.forbidden?.message]).toEqual([403, message])
})

test('a server has as many files as the quota allows', async () => {
  const { nova, request } = await computeCloud()
  expect((await nova('POST', '/servers', { server: request({ personality: six.slice(1) }) })).status).toBe(202)
})
