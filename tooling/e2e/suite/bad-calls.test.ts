import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Director } from '@openstack-cpi/harness/director'
import { describe, expect, test } from 'vitest'
import { useCloud } from '../cloud-fixture.ts'

const given = useCloud()
const request = (overrides: Record<string, unknown>) =>
  JSON.stringify({
    method: 'has_vm',
    arguments: ['8d6b0a3e-0000-4000-8000-000000000000'],
    context: { director_uuid: 'd' },
    ...overrides,
  })

describe('contract §4.2 bad requests', () => {
  test.each([
    ['garbage on stdin', 'not json at all', 'InvalidCall'],
    ['empty stdin', '', 'InvalidCall'],
    ['unknown method', request({ method: 'make_coffee' }), 'Bosh::Clouds::NotImplemented'],
    ['wrong argument types', request({ arguments: [42] }), 'InvalidCall'],
    ['missing arguments', request({ arguments: [] }), 'InvalidCall'],
    ['api_version 4', request({ api_version: 4 }), 'Bosh::Clouds::NotSupported'],
    ['api_version "2"', request({ api_version: '2' }), 'InvalidCall'],
    ['context that is no object', request({ context: [] }), 'InvalidCall'],
  ])('%s', async (_what, stdin, type) => {
    const { director } = given()
    const answer = await director.raw(stdin)
    expect(answer).toMatchObject({ exitCode: 0, result: null, error: { type, ok_to_retry: false } })
    expect(typeof answer.log).toBe('string')
    expect(answer.error?.message).not.toBe('')
  })
})

describe('bad configurations', () => {
  test('missing, unreadable and broken configuration files', async () => {
    const { folder } = given()
    const broken = join(folder, 'broken.json')
    await writeFile(broken, '{"cloud":')
    const unreadable = join(folder, 'folder.json')
    await writeFile(unreadable, '{}')
    await chmod(unreadable, 0o000)
    for (const file of [join(folder, 'none.json'), broken, unreadable, folder]) {
      const answer = await new Director({ configFile: file }).call('has_vm', ['8d6b0a3e-0000-4000-8000-000000000000'])
      expect(answer, file).toMatchObject({
        exitCode: 0,
        error: { type: 'Bosh::Clouds::CloudError', ok_to_retry: false },
      })
      if (file !== unreadable) expect(answer.error?.message).toContain(file)
    }
  })

  test.each([
    ['wrong password', { api_key: 'wrong-password' }, /401|[Uu]nauthori[sz]ed/],
    ['unreachable auth_url', { auth_url: 'http://127.0.0.1:9/v3' }, /127\.0\.0\.1:9/],
    ['unknown region', { region: 'Nowhere' }, /Nowhere/],
    ['no credentials', { username: null, api_key: null }, /username and api_key/],
    [
      'two problems together',
      { auth_url: null, endpoint_type: 'sideways' },
      /auth_url[\s\S]*endpoint_type|endpoint_type[\s\S]*auth_url/,
    ],
  ])('%s: one document, CloudError, a message to act on', async (_what, openstack, message) => {
    const director = await given().directorWith({ openstack: { ...openstack, request_retries: 0 } })
    const answer = await director.call('has_vm', ['8d6b0a3e-0000-4000-8000-000000000000'])
    expect(answer).toMatchObject({ exitCode: 0, error: { type: 'Bosh::Clouds::CloudError', ok_to_retry: false } })
    expect(answer.error?.message).toMatch(message)
    expect(answer.error?.message).not.toContain('wrong-password')
  })

  test('info answers with placeholders for a configuration', async () => {
    const director = await given().directorWith({
      openstack: { auth_url: 'unused', username: 'unused', api_key: 'unused' },
    })
    expect(await director.ask('info', [])).toMatchObject({ api_version: 3 })
  })

  test('contract §3.1 the context completes a configuration of placeholders (multi-CPI)', async () => {
    const { cloud, directorWith } = given()
    const director = await directorWith({ openstack: { auth_url: 'unused', username: 'unused', api_key: 'unused' } })
    const context = { auth_url: cloud.auth_url, username: cloud.user.name, api_key: cloud.user.password }
    expect(await director.ask('has_vm', ['8d6b0a3e-0000-4000-8000-000000000000'], { context })).toBe(false)
  })
})
