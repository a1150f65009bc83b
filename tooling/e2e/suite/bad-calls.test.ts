import { describe, expect, test } from 'vitest'
import { useCloud } from '../cloud-fixture.ts'

const given = useCloud()

describe('bad configurations', () => {
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
})
