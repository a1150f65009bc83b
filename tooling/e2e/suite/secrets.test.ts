import { createVmArguments } from '@openstack-cpi/harness/create-vm'
import { expect, test } from 'vitest'
import { useCloud } from '../cloud-fixture.ts'

const given = useCloud()
const marker = 'S3CRET-marker-0f1e2d'

test('contract §12 no secret reaches stdout, stderr, log or messages: a whole create_vm at debug level, with a secret in env, context and config', async () => {
  const { cloud, directorWith } = given()
  const director = await directorWith({ environment: { OPENSTACK_CPI_LOG_LEVEL: 'debug' } })
  const context = { some_secret_of_the_entry: `context-${marker}` }
  const env = { bosh: { password: `env-${marker}`, mbus: { cert: { private_key: `key-${marker}` } } } }
  const args = (properties: object) => createVmArguments(cloud, { properties, networks: '10.10.2.40', env })
  const good = await director.call('create_vm', args({}), { context })
  expect(good.error).toBeNull()
  const bad = await director.call('create_vm', args({ instance_type: 'm1.none' }), { context })
  expect(bad.error).not.toBeNull()
  const gone = await director.call('delete_vm', [(good.result as [string])[0]], { context })
  for (const answer of [good, bad, gone]) {
    expect(answer.stderr).toContain('DEBUG')
    const text = JSON.stringify(answer)
    for (const secret of [marker, Buffer.from(`env-${marker}`).toString('base64').slice(0, 24), cloud.user.password]) {
      expect(text.includes(secret), secret).toBe(false)
    }
    expect(text).not.toMatch(/gAAAAA[\w-]{20}/) // a Fernet token
  }
})
