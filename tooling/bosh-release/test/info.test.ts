import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { readYaml } from '@openstack-cpi/harness/call-script'
import { startProcess } from '@openstack-cpi/harness/process'
import { expect } from 'vitest'
import { hasRuby } from '../local-job.ts'
import { withInstallation } from './installation.ts'

type Environment = Readonly<Record<string, string>>

/** What a command answers; the lines of its log without times and the number of the process. */
async function answerOf(command: readonly string[], environment: Environment, input: string | Buffer) {
  const { stdout, stderr, exitCode } = await startProcess(command, environment, input).ended
  const log = stderr
    .replaceAll(/\[\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6} #\d+\]/g, '[time]')
    .replaceAll(/\d\.\d\d seconds/g, 's')
  return { stdout, exitCode, log }
}

const requests: Readonly<Record<'usual' | 'odd', Readonly<Record<string, string>>>> = readYaml(
  'info-requests.yaml',
  import.meta.url,
)
const usual = Object.entries(requests.usual)
const [, directors = ''] = usual[0] ?? []
const odd: readonly (readonly [string, string | Buffer])[] = [
  ...Object.entries(requests.odd),
  ['a CPI config that is long', directors.replace('"}}', `","connection_options":{"ca_cert":"${'x'.repeat(5000)}"}}}`)],
  ['bytes that are no UTF-8', Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(directors)])],
]

/** Jobs of each level, packages without a runtime, and the program as the wrapper starts it. */
const test = withInstallation
  .extend('given', { scope: 'file' }, async ({ installation }) => {
    const { environment, jobsDir, packagesDir } = installation
    const answer = 'bosh_openstack_cpi/info.json'
    const withoutRuntime = join(installation.folder, 'no-runtime')
    await cp(join(packagesDir, answer), join(withoutRuntime, answer))
    const job = join(jobsDir, 'openstack_cpi')
    for (const log_level of ['info', 'error', 'debug']) {
      installation.render('openstack_cpi', { openstack: { auth_url: 'unused' }, cpi: { log_level } })
      await cp(join(job, 'bin/cpi'), join(job, `bin/cpi-${log_level}`))
    }
    const program = ['bosh_openstack_cpi_node/bin/node', 'bosh_openstack_cpi/bin/openstack-cpi.js']
    const files = ['cpi.json', 'cacert.pem'].map((name) => join(job, 'config', name))
    const command = [...program.map((path) => join(packagesDir, path)), ...files]
    return {
      throughWrapper: (input: string | Buffer, level = 'info', more: Environment = {}) =>
        answerOf([join(job, `bin/cpi-${level}`)], { ...environment, ...more }, input),
      withoutRuntime: { BOSH_PACKAGES_DIR: withoutRuntime },
      byProgram: (input: string | Buffer, level = 'info') =>
        answerOf(command, { OPENSTACK_CPI_LOG_LEVEL: level }, input),
    }
  })
  .skipIf(!hasRuby)

test.for(usual)(
  'contract §2, §6.1 an info %s is answered without the program, as the program answers it',
  async ([, request], { given }) => {
    const { throughWrapper, byProgram, withoutRuntime } = given
    for (const level of ['info', 'error']) {
      const answered = await throughWrapper(request, level)
      expect(answered).toEqual(await byProgram(request, level))
      expect(answered.exitCode).toBe(0)
      expect(await throughWrapper(request, level, withoutRuntime)).toEqual(answered)
    }
  },
)

test.for(odd)('contract §2, §6.1 a request with %s is answered by the program', async ([, request], { given }) => {
  const { throughWrapper, byProgram, withoutRuntime } = given
  expect(await throughWrapper(request)).toEqual(await byProgram(request))
  expect((await throughWrapper(request, 'info', withoutRuntime)).stdout).toBe('')
})

test('at level debug the program answers, whatever the environment says of its request', async ({ given }) => {
  const { throughWrapper, byProgram } = given
  const answered = await byProgram(directors, 'debug')
  expect(await throughWrapper(directors, 'debug')).toEqual(answered)
  expect(await throughWrapper(directors, 'debug', { OPENSTACK_CPI_REQUEST_START: '{"method":"x"' })).toEqual(answered)
})

test('a request of a MiB reaches the program whole and without delay', async ({ given }) => {
  const request = `{"method":"has_vm","arguments":[7,"${'ä'.repeat(512 * 1024)}"],"context":{"director_uuid":"6a0c-1"}}`
  for (const input of [request, ` ${request}`]) {
    expect(await given.throughWrapper(input)).toEqual(await given.byProgram(input))
  }
})
