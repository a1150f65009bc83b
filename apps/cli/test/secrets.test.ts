import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type CloudUnderTest, startCloud } from './cloud-config.ts'
import { answerOf, aRequest, executable, type Run, runProgram } from './run-program.ts'

let given: CloudUnderTest
beforeAll(async () => {
  given = await startCloud()
})
afterAll(() => given.close())

describe('contract §12 no secret is on any output, at any log level', () => {
  const marker = (place: string) => `SeCrEt-${place}-9f8e7d`
  const env = {
    bosh: {
      group: 'group',
      password: marker('vm-password'),
      mbus: { cert: { private_key: `-----BEGIN PRIVATE KEY-----\n${marker('key')}\n-----END PRIVATE KEY-----\n` } },
      blobstores: [{ options: { secret_access_key: marker('blobstore') } }],
    },
    any_other: marker('env'),
  }
  const agent = {
    mbus: `https://mbus:${marker('mbus')}@0.0.0.0:6868`,
    blobstore: { options: { password: marker('dav') } },
  }
  const context = { director_uuid: 'd', request_id: 'cpi-1', any_secret: marker('context') }
  const expectNoSecret = ({ stdout, stderr }: Run): void => {
    const written = stdout + stderr
    expect(written).not.toMatch(/SeCrEt|bosh-password/)
    expect(written).not.toMatch(/gAAAAA[\w-]{20}/)
    // In the user data the markers are within base64.
    for (const place of ['vm-password', 'key', 'blobstore', 'env', 'mbus', 'dav']) {
      const encoded = Buffer.from(marker(place)).toString('base64')
      expect(written).not.toContain(encoded.slice(4, 20))
    }
  }

  test.each(['debug', 'info', 'error'])('%s', async (level) => {
    const config = given.config({}, agent)
    const options = { env: { OPENSTACK_CPI_LOG_LEVEL: level } }
    const imageId = given.idOf('images', 'tiny-image')
    const networks = { a: { type: 'dynamic', cloud_properties: { net_id: given.idOf('networks', 'bosh-net') } } }
    const create = (flavor: string) =>
      runProgram(executable, [config], {
        ...options,
        stdin: aRequest('create_vm', ['agent', `${imageId} light`, { instance_type: flavor }, networks, [], env], {
          context,
        }),
      })
    const refused = await create('m1.missing')
    expect(answerOf(refused).error?.message).toContain('m1.missing')
    expectNoSecret(refused)
    const made = await create('m1.tiny')
    const { result, error } = answerOf(made)
    expect(error).toBeNull()
    expectNoSecret(made)
    const [cid] = Array.isArray(result) ? result : []
    const deleted = await runProgram(executable, [config], {
      ...options,
      stdin: aRequest('delete_vm', [cid], { context }),
    })
    expect(answerOf(deleted).error).toBeNull()
    expectNoSecret(deleted)
    if (level === 'debug') expect(made.stderr).toMatch(/DEBUG -- .*POST .*\/servers/)
    expect(given.cloud.leftovers()).toEqual({})
  })
})
