import { mkdir, readdir, rm } from 'node:fs/promises'
import { createServer, type RequestListener } from 'node:http'
import { join } from 'node:path'
import { Director } from '@openstack-cpi/harness/director'
import { fakeLogin } from '@openstack-cpi/harness/fake-api'
import { listenOnLoopback } from '@openstack-cpi/harness/loopback'
import { createFakeOpenStack } from 'fake-openstack'
import { afterAll, beforeEach, expect, onTestFinished } from 'vitest'
import { type Installation, test } from './installation.ts'

const absent = '00000000-0000-4000-8000-000000000000'

const cloud = createFakeOpenStack()
const login = fakeLogin((await cloud.listen()).authUrl)
beforeEach(() => cloud.journal.clear())
afterAll(() => cloud.close())

/** A director whose calls go through the wrapper of a job. */
function directorOf(installation: Installation, job: string, properties: object): Director {
  const folder = installation.render(job, { openstack: login, ...properties })
  return new Director({ command: [join(folder, 'bin/cpi')], environment: installation.environment })
}
const logins = () => cloud.journal.of('tokens.create').length

test.for(['openstack_cpi', 'openstack_cpi_golang'])(
  'bin/cpi of %s answers info and calls',
  async (job, { installation }) => {
    const director = directorOf(installation, job, {})
    expect(await director.ask('info', [])).toMatchObject({ api_version: 3 })
    expect(await director.ask('has_vm', [absent])).toBe(false)
  },
)

test('the log tells each request at debug, and the login is kept in the data directory of the job unless forbidden', async ({
  installation,
}) => {
  const data = join(installation.jobsDir, '../data/openstack_cpi')
  await rm(data, { recursive: true, force: true })
  await mkdir(data, { recursive: true }) // as the agent does
  const keeping = directorOf(installation, 'openstack_cpi', { cpi: { log_level: 'debug' } })
  const first = await keeping.call('has_vm', [absent])
  expect(first.stderr).toMatch(/DEBUG .*GET .*\/servers\//)
  expect(await keeping.ask('has_vm', [absent])).toBe(false)
  expect(logins()).toBe(1)
  expect(await readdir(join(data, 'cache'))).not.toEqual([])

  const forgetting = directorOf(installation, 'openstack_cpi', { cpi: { token_cache: false } })
  const { result, stderr } = await forgetting.call('has_vm', [absent])
  expect(result).toBe(false)
  expect(stderr).not.toContain('DEBUG')
  expect(logins()).toBe(2)
})

test('calls go through the proxy of the job, and past it where no_proxy says so', async ({ installation }) => {
  const asked: unknown[] = []
  const answer: RequestListener = ({ url }, response) => {
    asked.push(url)
    response.writeHead(403).end()
  }
  const proxy = await listenOnLoopback(createServer(answer))
  onTestFinished(() => proxy.close())
  const cpi = { token_cache: false }
  const env = { http_proxy: proxy.url }
  const { error } = await directorOf(installation, 'openstack_cpi', { cpi, env }).call('has_vm', [absent])
  expect(error?.message).toContain('403')
  expect(asked).toEqual([`${login.auth_url}/auth/tokens`])
  const past = directorOf(installation, 'openstack_cpi', { cpi, env: { ...env, no_proxy: '127.0.0.1' } })
  expect(await past.ask('has_vm', [absent])).toBe(false)
  expect(asked).toHaveLength(1)
})
