import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { answerOf, aRequest, executable, runProgram } from './run-program.ts'

let folder = ''
const file = (name: string, content: unknown): string => {
  const path = join(folder, name)
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
  return path
}
const config = (openstack: unknown) => ({ cloud: { plugin: 'openstack', properties: { openstack, agent: {} } } })
const placeholders = config({ auth_url: 'unused', username: 'unused', api_key: 'unused' })

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'openstack-cpi-rpc-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('contract §5 info', () => {
  const info = JSON.stringify({ method: 'info', arguments: [], context: { director_uuid: 'x' } })
  const expected = {
    api_version: 3,
    stemcell_formats: ['openstack-raw', 'openstack-qcow2', 'openstack-light'],
  }

  test.each([
    ['a configuration of placeholders', () => [file('placeholders.json', placeholders)]],
    ['a missing configuration', () => [join(folder, 'missing.json'), join(folder, 'missing.pem')]],
    ['a broken configuration', () => [file('broken.json', '{')]],
    ['no configuration', () => []],
  ])('is answered with %s', async (_name, args) => {
    expect(answerOf(await runProgram(executable, args(), { stdin: info })).result).toEqual(expected)
  })

  test('loads nothing that speaks HTTP', async () => {
    const preload = file(
      'report.mjs',
      `process.on('exit', () => process._rawDebug('loaded ' + process.moduleLoadList.join(' ')))`,
    )
    const { stderr } = await runProgram(executable, [], { stdin: info, nodeOptions: [`--import=${preload}`] })
    const loaded = /^loaded (.*)$/m.exec(stderr)?.[1]?.split('NativeModule ') ?? []
    expect(loaded.length).toBeGreaterThan(50)
    const names = new Set(loaded.map((name) => name.trim()))
    for (const name of ['http', 'https', 'http2', 'net', 'tls', 'dns']) expect(names).not.toContain(name)
  })
})

test('contract §2 a request of which a wrapper has read the start', async () => {
  const request = aRequest('info')
  const env = { OPENSTACK_CPI_REQUEST_START: request.slice(0, 12) }
  expect(answerOf(await runProgram(executable, [], { stdin: request.slice(12), env })).error).toBeNull()
  expect(answerOf(await runProgram(executable, [], { stdin: request, env })).error?.type).toBe('InvalidCall')
})

describe('contract §4.2 what is wrong with a request is answered with exit code 0', () => {
  test.each([
    ['garbage', '{"method":', 'InvalidCall'],
    ['nothing', '', 'InvalidCall'],
    ['no object', '[1]', 'InvalidCall'],
    ['an unknown method', aRequest('fly'), 'Bosh::Clouds::NotImplemented'],
    ['arguments of wrong types', aRequest('create_disk', ['big', {}]), 'InvalidCall'],
    ['missing arguments', aRequest('attach_disk', ['vm-1']), 'InvalidCall'],
    ['api_version 4', aRequest('has_vm', ['vm-1'], { api_version: 4 }), 'Bosh::Clouds::NotSupported'],
    ['api_version "2"', aRequest('has_vm', ['vm-1'], { api_version: '2' }), 'InvalidCall'],
    ['no context', aRequest('has_vm', ['vm-1'], { context: null }), 'InvalidCall'],
  ])('%s', async (_name, stdin, type) => {
    const { error } = answerOf(await runProgram(executable, [join(folder, 'missing.json')], { stdin }))
    expect(error).toEqual({ type, message: expect.stringMatching(/./), ok_to_retry: false })
  })
})

describe('contract §4.2 what is wrong with the configuration is a CloudError that names the file', () => {
  const stdin = aRequest('has_vm', ['vm-1'])
  const marker = 'SeCrEt-9f8e7d'
  test.each([
    ['missing', () => [join(folder, 'missing.json')], 'it does not exist'],
    [
      'not readable',
      () => {
        mkdirSync(join(folder, 'folder.json'), { recursive: true })
        return [join(folder, 'folder.json')]
      },
      'it is a directory',
    ],
    ['no JSON', () => [file('secret.json', `{"api_key": ${marker}}`)], 'it is not valid JSON'],
    ['empty', () => [file('empty.json', '')], 'it is empty'],
    ['an array', () => [file('array.json', [marker])], 'must be a JSON object'],
    ['of another form', () => [file('form.json', config(marker))], "'openstack' must be an object"],
    ['without its CA file', () => [file('good.json', placeholders), join(folder, 'missing.pem')], 'it does not exist'],
    ['not given', () => [], 'No configuration file'],
  ])('%s', async (_name, args, message) => {
    const run = await runProgram(executable, args(), { stdin, env: { OPENSTACK_CPI_LOG_LEVEL: 'debug' } })
    const { error } = answerOf(run)
    expect(error).toMatchObject({ type: 'Bosh::Clouds::CloudError', message: expect.stringContaining(message) })
    const [path] = args().slice(-1)
    if (path !== undefined) expect(error?.message).toContain(path)
    expect(run.stdout + run.stderr).not.toContain(marker)
  })
})

test('contract §12 the log has its format, and the level is a matter of the environment', async () => {
  const stdin = aRequest('ping')
  const { stderr } = await runProgram(executable, [], { stdin })
  expect(stderr).toMatch(
    /^I, \[\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6} #\d+\] {2}INFO -- \[req_id cpi-258561\]: Starting ping\.\.\.\n/,
  )
  expect(stderr).toMatch(/: Finished ping in \d+\.\d\d seconds\n$/)
  const env = { OPENSTACK_CPI_LOG_LEVEL: 'ERROR' }
  expect((await runProgram(executable, [], { stdin, env })).stderr).toBe('')
  const wrong = await runProgram(executable, [], { stdin, env: { OPENSTACK_CPI_LOG_LEVEL: 'loud' } })
  expect(wrong.stderr).toContain('OPENSTACK_CPI_LOG_LEVEL names no log level')
})
