import { mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { tinyStemcellProperties, writeTinyStemcell } from '../src/doctor/life-cycle.ts'
import { type CloudUnderTest, startCloud } from './cloud-config.ts'
import { answerOf, aRequest, executable, runProgram } from './run-program.ts'

let given: CloudUnderTest
beforeAll(async () => {
  given = await startCloud()
})
afterAll(() => given.close())

const disk = '11111111-2222-4333-8444-555555555555'

describe('what is wrong with the way to the cloud is a CloudError an operator can act on', () => {
  test.each([
    ['a wrong password', () => given.config({ api_key: 'SeCrEt-wrong' }), /'bosh'.* 401.*[Cc]heck user, password/],
    [
      'an auth_url without a listener',
      () => given.config({ auth_url: 'http://127.0.0.1:1/v3', request_retries: 0 }),
      /http:\/\/127\.0\.0\.1:1\/.*ECONNREFUSED/,
    ],
    [
      'a TLS endpoint that does not answer',
      () => given.config({ auth_url: 'https://127.0.0.1:1/v3' }),
      /https:\/\/127\.0\.0\.1:1\/.*ECONNREFUSED/,
    ],
    ['an unknown region', () => given.config({ region: 'Nowhere' }), /'block-storage'.*region 'Nowhere'.*RegionOne/],
    ['no credentials', () => given.config({ username: null, api_key: null }), /username and api_key or/],
    ['several mistakes', () => given.config({ auth_url: 7, config_drive: 'tape' }), /auth_url.*config_drive/],
  ])('contract §4.2 %s', async (_name, config, message) => {
    const run = await runProgram(executable, [config()], { stdin: aRequest('create_disk', [1024, {}]) })
    expect(answerOf(run).error).toEqual({
      type: 'Bosh::Clouds::CloudError',
      message: expect.stringMatching(message),
      ok_to_retry: false,
    })
    expect(run.stdout + run.stderr).not.toContain('SeCrEt')
    expect(given.cloud.leftovers()).toEqual({})
  })
})

test('§3.3 requests go through the proxy of the environment, and past it where no_proxy says so', async () => {
  const stdin = aRequest('has_disk', [disk])
  const ask = async (env: Readonly<Record<string, string>>) =>
    answerOf(await runProgram(executable, [given.config({ request_retries: 0 })], { stdin, env }))
  const http_proxy = 'http://127.0.0.1:1'
  expect((await ask({ http_proxy })).error?.message).toMatch(/proxy.*ECONNREFUSED|ECONNREFUSED.*127\.0\.0\.1:1/)
  expect(await ask({ http_proxy, no_proxy: '127.0.0.1' })).toMatchObject({ result: false, error: null })
})

test.each(['ruby-cpi-config.json', 'go-cpi-config.json'])(
  '§10 the whole file %s, as another CPI has it, is taken as it is',
  async (file) => {
    const peers = new URL('../../../packages/openstack-driver/test/peers/', import.meta.url)
    const { authUrl } = await given.cloud.listen()
    const config = given.file(file, readFileSync(new URL(file, peers), 'utf8').replace('AUTH_URL', authUrl))
    const run = await runProgram(executable, [config], { stdin: aRequest('has_disk', [disk]) })
    expect(answerOf(run)).toMatchObject({ result: false, error: null })
  },
)

test('contract §3.1 a CPI config makes a file full of placeholders work', async () => {
  const { authUrl } = await given.cloud.listen()
  const login = { auth_url: authUrl, username: 'bosh', api_key: 'bosh-password', project: 'bosh', domain: 'Default' }
  const config = given.config({ auth_url: 'http://unused', username: 'unused', api_key: 'unused', project: 'unused' })
  const context = { director_uuid: 'd', request_id: 'cpi-1', ...login }
  const run = await runProgram(executable, [config], { stdin: aRequest('has_disk', [disk], { context }) })
  expect(answerOf(run).result).toBe(false)
})

test('contract §2 no call leaves a temporary file, whether it succeeds or fails', async () => {
  const image = given.file('image', '')
  await writeTinyStemcell(image)
  const TMPDIR = mkdtempSync(join(dirname(image), 'tmp-'))
  const stdin = aRequest('create_stemcell', [image, tinyStemcellProperties])
  const create = async () => answerOf(await runProgram(executable, [given.config()], { stdin, env: { TMPDIR } }))
  const { result } = await create()
  expect(result).toMatch(/./)
  const match = { service: 'image', operation: 'images.upload' }
  given.cloud.faults.add({ match, do: { respond: { status: 403 } } })
  expect((await create()).error).not.toBeNull()
  expect(readdirSync(TMPDIR)).toEqual([])
  const gone = await runProgram(executable, [given.config()], { stdin: aRequest('delete_stemcell', [result]) })
  expect(answerOf(gone).error).toBeNull()
  expect(given.cloud.leftovers()).toEqual({})
})

test('§3.1 requests have the name and version of the project in User-Agent', async () => {
  const env = { OPENSTACK_CPI_LOG_LEVEL: 'debug' }
  const run = await runProgram(executable, [given.config()], { stdin: aRequest('has_disk', [disk]), env })
  expect(answerOf(run).result).toBe(false)
  const agents = [...run.stderr.matchAll(/"user-agent":"([^"]*)"/g)].map(([, agent]) => agent)
  expect(agents.length).toBeGreaterThan(1)
  for (const agent of agents) expect(agent).toMatch(/^openstack-cpi\/\d+\.\d+\.\d+/)
})
