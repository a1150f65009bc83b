import { cp, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type FinishedProcess, startProcess } from '@openstack-cpi/harness/process'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasRuby, Installation } from './installation.ts'

/** Lines of a log without times and the number of the process. */
const comparable = ({ stdout, stderr, exitCode }: FinishedProcess) => ({
  stdout,
  exitCode,
  log: stderr
    .replaceAll(/\[\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6} #\d+\]/g, '[time]')
    .replaceAll(/\d\.\d\d seconds/g, 's'),
})

const info = '{"method":"info","arguments":[],"context":{"director_uuid":"6a0c-1"}}'
const directors = '{"method":"info","arguments":[],"context":{"director_uuid":"6a0c-1","request_id":"cpi-123456"}}'
const cli = (vm: string) =>
  `{"method":"info","arguments":[],"context":{"director_uuid":"6a0c-1","vm":{"stemcell":${vm}}},"api_version":1}`

/** What directors and the CLI write, with no CPI config. */
const usual: readonly (readonly [string, string])[] = [
  ['first of a director', directors],
  ['with a version', directors.replace(/}$/, ',"api_version":2}')],
  ['with the highest version', directors.replace(/}$/, ',"api_version":3}')],
  ['with a newline', `${directors}\n`],
  ['of the CLI, without a version of the stemcell', cli('{}')],
  ['of the CLI', cli('{"api_version":3}')],
  ['with nothing but a uuid', info],
]

const odd: readonly (readonly [string, string | Buffer])[] = [
  ['nothing', ''],
  ['garbage', 'garbage'],
  ['half a request', directors.slice(0, 40)],
  ['less than is read first', '{"method":'],
  ['a request without its end', directors.slice(0, -1)],
  ['two requests', `${directors}${directors}`],
  ['two newlines', `${directors}\n\n`],
  ['spaces', directors.replaceAll(':', ': ')],
  ['a space before', ` ${directors}`],
  ['another order', '{"arguments":[],"method":"info","context":{"director_uuid":"6a0c-1"}}'],
  ['an argument', directors.replace('[]', '[1]')],
  ['no arguments', '{"method":"info","context":{"director_uuid":"6a0c-1"}}'],
  ['no context', '{"method":"info","arguments":[]}'],
  ['no uuid', '{"method":"info","arguments":[],"context":{}}'],
  ['a uuid that is a number', directors.replace('"6a0c-1"', '7')],
  ['an escape in the uuid', directors.replace('6a0c', '\\u00e4')],
  ['an umlaut in the uuid', directors.replace('6a0c', 'ä')],
  ['a version that is too high', directors.replace(/}$/, ',"api_version":4}')],
  ['version 0', directors.replace(/}$/, ',"api_version":0}')],
  ['a version that is a text', directors.replace(/}$/, ',"api_version":"2"}')],
  ['a CPI config', directors.replace('"}}', '","auth_url":"https://keystone/v3","api_key":"a\\"b"}}')],
  ['a CPI config that is long', directors.replace('"}}', `","connection_options":{"ca_cert":"${'x'.repeat(5000)}"}}}`)],
  ['a NUL at its beginning', `\0${directors}`],
  ['a NUL in the method', directors.replace('info', 'in\0fo')],
  ['a NUL after the first letter', directors.replace('info', 'i\0nfo')],
  ['a NUL at its end', `${directors}\0`],
  ['bytes that are no UTF-8', Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(directors)])],
  ['a method that begins like it', directors.replace('info', 'information')],
  ['another method', '{"method":"has_vm","arguments":[7],"context":{"director_uuid":"6a0c-1"}}'],
  ['another method, with a newline', '{"method":"ping","arguments":[],"context":{"director_uuid":"6a0c-1"}}\n'],
  ['a method with a capital', directors.replace('info', 'Info')],
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
    expect(comparable(await throughWrapper(info, 'debug'))).toEqual(comparable(await byProgram(info, 'debug')))
  })

  test('no request is begun by the environment', async () => {
    const env = { ...installation.environment, OPENSTACK_CPI_REQUEST_START: '{"method":"x"' }
    expect(comparable(await throughWrapper(info, 'debug', env))).toEqual(comparable(await byProgram(info, 'debug')))
  })

  test('a request of a MiB reaches the program whole and without delay', async () => {
    const request = `{"method":"has_vm","arguments":[7,"${'ä'.repeat(512 * 1024)}"],"context":{"director_uuid":"6a0c-1"}}`
    for (const input of [request, ` ${request}`]) {
      expect(comparable(await throughWrapper(input))).toEqual(comparable(await byProgram(input)))
    }
  })
})
