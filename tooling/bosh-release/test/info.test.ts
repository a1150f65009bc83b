import { readFileSync } from 'node:fs'
import { cp, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type FinishedProcess, startProcess } from '@openstack-cpi/harness/process'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { hasRuby, Installation } from './installation.ts'

/** Lines of a log without times and the number of the process. */
const comparable = ({ stdout, stderr, exitCode }: FinishedProcess) => ({
  stdout,
  exitCode,
  log: stderr
    .replaceAll(/\[\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6} #\d+\]/g, '[time]')
    .replaceAll(/\d\.\d\d seconds/g, 's'),
})

const requests: Readonly<Record<'usual' | 'odd', Readonly<Record<string, string>>>> = parse(
  readFileSync(new URL('./info-requests.yaml', import.meta.url), 'utf8'),
)
const usual = Object.entries(requests.usual)
const [, directors = ''] = usual[0] ?? []
const odd: readonly (readonly [string, string | Buffer])[] = [
  ...Object.entries(requests.odd),
  ['a CPI config that is long', directors.replace('"}}', `","connection_options":{"ca_cert":"${'x'.repeat(5000)}"}}}`)],
  ['bytes that are no UTF-8', Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(directors)])],
]

describe.skipIf(!hasRuby)('contract §2, §6.1 info through bin/cpi', () => {
  let installation: Installation
  /** Packages without a runtime. */
  let withoutRuntime: string
  const jobs = new Map<string, string>()

  beforeAll(async () => {
    installation = await Installation.create()
    withoutRuntime = join(installation.folder, 'no-runtime')
    await mkdir(join(withoutRuntime, 'bosh_openstack_cpi'), { recursive: true })
    await cp(
      join(installation.packagesDir, 'bosh_openstack_cpi/info.json'),
      join(withoutRuntime, 'bosh_openstack_cpi/info.json'),
    )
    for (const log_level of ['info', 'error', 'debug']) {
      const properties = { openstack: { auth_url: 'unused' }, cpi: { log_level } }
      jobs.set(log_level, join(await installation.render('openstack_cpi', properties), `bin/cpi-${log_level}`))
      await cp(join(installation.jobsDir, 'openstack_cpi/bin/cpi'), jobs.get(log_level) ?? '')
    }
  })
  afterAll(() => installation.remove())

  const throughWrapper = (input: string | Buffer, level = 'info', env = installation.environment) =>
    startProcess([jobs.get(level) ?? ''], env, input).ended

  /** The program as the wrapper starts it, with the whole request on its stdin. */
  const byProgram = (input: string | Buffer, level = 'info') => {
    const packages = installation.packagesDir
    const config = join(installation.jobsDir, 'openstack_cpi/config')
    const program = [
      join(packages, 'bosh_openstack_cpi_node/bin/node'),
      join(packages, 'bosh_openstack_cpi/bin/openstack-cpi.js'),
    ]
    const words = [join(config, 'cpi.json'), join(config, 'cacert.pem')]
    return startProcess([...program, ...words], { OPENSTACK_CPI_LOG_LEVEL: level }, input).ended
  }

  test.each(usual)('a request %s is answered without the program, as the program answers it', async (_, request) => {
    for (const level of ['info', 'error']) {
      const answered = comparable(await throughWrapper(request, level))
      expect(answered).toEqual(comparable(await byProgram(request, level)))
      expect(answered.exitCode).toBe(0)
      const environment = { ...installation.environment, BOSH_PACKAGES_DIR: withoutRuntime }
      expect(comparable(await throughWrapper(request, level, environment))).toEqual(answered)
    }
  })

  test.each(odd)('a request with %s is answered by the program', async (_, request) => {
    expect(comparable(await throughWrapper(request))).toEqual(comparable(await byProgram(request)))
    const environment = { ...installation.environment, BOSH_PACKAGES_DIR: withoutRuntime }
    expect((await throughWrapper(request, 'info', environment)).stdout).toBe('')
  })

  test('at level debug the program answers', async () => {
    expect(comparable(await throughWrapper(directors, 'debug'))).toEqual(
      comparable(await byProgram(directors, 'debug')),
    )
  })

  test('no request is begun by the environment', async () => {
    const env = { ...installation.environment, OPENSTACK_CPI_REQUEST_START: '{"method":"x"' }
    expect(comparable(await throughWrapper(directors, 'debug', env))).toEqual(
      comparable(await byProgram(directors, 'debug')),
    )
  })

  test('a request of a MiB reaches the program whole and without delay', async () => {
    const request = `{"method":"has_vm","arguments":[7,"${'ä'.repeat(512 * 1024)}"],"context":{"director_uuid":"6a0c-1"}}`
    for (const input of [request, ` ${request}`]) {
      expect(comparable(await throughWrapper(input))).toEqual(comparable(await byProgram(input)))
    }
  })
})
