import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type CountedRequest, startCountingProxy } from '@openstack-cpi/harness/counting-proxy'
import { writeCpiConfig } from '@openstack-cpi/harness/cpi-config'
import { type CpiAnswer, Director } from '@openstack-cpi/harness/director'
import { type FakeProcess, startFake } from '@openstack-cpi/harness/fake-process'
import { runLifeCycle } from '@openstack-cpi/harness/life-cycle'
import { writeStemcellImage } from '@openstack-cpi/harness/stemcell'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
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
  let fake: FakeProcess
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'openstack-cpi-e2e-'))
    fake = await startFake(folder)
  })
  afterAll(async () => {
    await fake.stop()
    await rm(folder, { recursive: true })
  })

  const addFault = async (rule: unknown) => {
    const answer = await fetch(`${fake.origin}/_fake/faults`, { method: 'POST', body: JSON.stringify(rule) })
    expect(answer.status).toBeLessThan(300)
  }
  const faultHits = async () => {
    const { faults } = (await (await fetch(`${fake.origin}/_fake/faults`)).json()) as { faults: { hits: number }[] }
    return faults.reduce((sum, { hits }) => sum + hits, 0)
  }
  const loginsSince = async (before: number) => {
    const journal = (await (await fetch(`${fake.origin}/_fake/journal?since=${before}`)).json()) as Journal
    const logins = journal.entries.filter(({ operation }) => operation === 'tokens.create')
    return { logins: logins.length, count: journal.count }
  }
  const directorOn = async (cache: string) =>
    new Director({
      configFile: await writeCpiConfig(folder, fake.description, {}),
      environment: { OPENSTACK_CPI_CACHE_DIR: cache },
    })
  const fourCalls = (director: Director): Promise<readonly CpiAnswer[]> =>
    Promise.all(Array.from({ length: 4 }, () => director.call('has_vm', [absent])))

  test('killing the process that logs in does not make the others wait out its lock', async () => {
    const cache = join(folder, 'disturbed')
    const director = await directorOn(cache)
    const { count } = await loginsSince(0)
    await addFault({ match: { service: 'identity', operation: 'tokens.create' }, times: 1, do: { delay: '12s' } })
    let holder: number | undefined
    const killed = director.call('has_vm', [absent], { onSpawn: (pid) => (holder = pid) }).catch(() => 'killed')
    await until(async () => (await faultHits()) === 1) // it holds the lock, and its login is on its way
    const others = fourCalls(director)
    process.kill(holder ?? 0, 'SIGKILL')
    expect(await killed).toBe('killed')
    expect((await others).map(({ result, error }) => ({ result, error }))).toEqual(
      Array.from({ length: 4 }, () => ({ result: false, error: null })),
    )
    // Besides the dead holder's: two waiters may find it dead at the same moment. Had they waited out its lock, each of
    // the four would have logged in for itself.
    expect((await loginsSince(count)).logins).toBeLessThanOrEqual(3)
  })

  test('§2.3 a refused token is renewed once, for all that follow', async () => {
    const director = await directorOn(join(folder, 'refused'))
    expect(await director.ask('has_vm', [absent])).toBe(false)
    const { count } = await loginsSince(0)
    await addFault({
      match: { service: 'compute', operation: 'servers.show' },
      times: 1,
      do: { respond: { status: 401, body: { error: { code: 401, message: 'no' } } } },
    })
    expect(await director.ask('has_vm', [absent])).toBe(false)
    const renewed = await loginsSince(count)
    expect(renewed.logins).toBe(1)
    expect(await director.ask('has_vm', [absent])).toBe(false)
    expect((await loginsSince(renewed.count)).logins).toBe(0)
  })
})

interface Journal {
  readonly count: number
  readonly entries: readonly { readonly n: number; readonly operation: string }[]
}

/** What another process does can only be asked for. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 5))
}
