import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type CountedRequest, startCountingProxy } from '@openstack-cpi/harness/counting-proxy'
import { Director } from '@openstack-cpi/harness/director'
import { fakeLogin } from '@openstack-cpi/harness/fake-api'
import { runLifeCycle } from '@openstack-cpi/harness/life-cycle'
import { writeStemcellImage } from '@openstack-cpi/harness/stemcell'
import { createFakeOpenStack, type FakeOpenStack } from 'fake-openstack'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { useCloud } from '../cloud-fixture.ts'

const absent = '11111111-1111-4111-8111-111111111111'
const isLogin = ({ method, url }: CountedRequest) => method === 'POST' && url.endsWith('/auth/tokens')

describe('calls that share a folder for logins', () => {
  const given = useCloud()

  test('make one login in a whole life cycle, and has_vm makes one request', async () => {
    const { cloud, folder, directorWith } = given()
    const proxy = await startCountingProxy()
    try {
      const director = await directorWith({
        openstack: { connection_options: { proxy: proxy.url } },
        environment: { OPENSTACK_CPI_CACHE_DIR: join(folder, 'cache') },
      })
      const requests = new Map<string, readonly CountedRequest[]>()
      const steps = await runLifeCycle({
        director,
        cloud,
        imagePath: await writeStemcellImage(folder),
        ip: '10.10.2.71',
        onStep: ({ method }) => requests.set(method, proxy.take()),
      })
      expect(steps.at(-1)).toMatchObject({ method: 'delete_stemcell', answer: { error: null } })
      expect([...requests.values()].flat().filter(isLogin)).toHaveLength(1)
      expect(requests.get('has_vm')?.map(({ method }) => method)).toEqual(['GET'])
    } finally {
      await proxy.close()
    }
  })
})

describe('when a login is slow, or a token refused', () => {
  let folder: string
  let cloud: FakeOpenStack
  let authUrl: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'openstack-cpi-e2e-'))
    cloud = createFakeOpenStack({ clock: 'real' })
    authUrl = (await cloud.listen()).authUrl
  })
  afterEach(async () => {
    await cloud.close()
    await rm(folder, { recursive: true })
  })

  const logins = () => cloud.journal.of('tokens.create').length
  async function directorOn(cache: string): Promise<Director> {
    const configFile = join(folder, `${cache}.json`)
    await writeFile(configFile, JSON.stringify({ cloud: { properties: { openstack: fakeLogin(authUrl) } } }), {
      mode: 0o600,
    })
    return new Director({ configFile, environment: { OPENSTACK_CPI_CACHE_DIR: join(folder, cache) } })
  }

  test('killing the process that logs in does not make the others wait out its lock', async () => {
    const director = await directorOn('disturbed')
    const match = { service: 'identity', operation: 'tokens.create' }
    cloud.faults.add({ match, times: 1, do: { delay: '12s' } })
    let holder: number | undefined
    const killed = director.call('has_vm', [absent], { onSpawn: (pid) => (holder = pid) }).catch(() => 'killed')
    const hits = () => cloud.faults.list().at(-1)?.hits
    await expect.poll(hits, { interval: 5, timeout: 60_000 }).toBe(1) // it holds the lock, and its login is on its way
    const others = Promise.all(Array.from({ length: 4 }, () => director.call('has_vm', [absent])))
    process.kill(holder ?? 0, 'SIGKILL')
    expect(await killed).toBe('killed')
    expect((await others).map(({ result, error }) => ({ result, error }))).toEqual(
      Array.from({ length: 4 }, () => ({ result: false, error: null })),
    )
    // Besides the dead holder's: two waiters may find it dead at the same moment. Had they waited out its lock, each of
    // the four would have logged in for itself.
    expect(logins()).toBeLessThanOrEqual(3)
  })

  test('§2.3 a refused token is renewed once, for all that follow', async () => {
    const director = await directorOn('refused')
    expect(await director.ask('has_vm', [absent])).toBe(false)
    expect(logins()).toBe(1)
    const match = { service: 'compute', operation: 'servers.show' }
    const body = { error: { code: 401, message: 'no' } }
    cloud.faults.add({ match, times: 1, do: { respond: { status: 401, body } } })
    expect(await director.ask('has_vm', [absent])).toBe(false)
    expect(logins()).toBe(2)
    expect(await director.ask('has_vm', [absent])).toBe(false)
    expect(logins()).toBe(2)
  })
})
