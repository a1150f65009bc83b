import { execFile, spawnSync } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { tinyStemcellProperties, writeTinyStemcell } from '../src/doctor/life-cycle.ts'
import { type CloudUnderTest, startCloud } from './cloud-config.ts'
import { executable, runProgram } from './run-program.ts'

let given: CloudUnderTest
beforeAll(async () => {
  given = await startCloud()
})
afterAll(() => given.close())

const disk = '11111111-2222-4333-8444-555555555555'

describe('call, for people', () => {
  const call = (...words: string[]) => runProgram(executable, ['call', ...words, '--config', given.config()])

  test('prints the result, and takes plain words and JSON', async () => {
    expect(await call('has_disk', disk)).toEqual({ stdout: 'false\n', stderr: '', exitCode: 0 })
    const made = await call('create_disk', '1024', '{"type":"standard"}')
    expect(made.exitCode).toBe(0)
    const gone = await call('delete_disk', made.stdout.trim())
    expect(gone).toEqual({ stdout: 'done\n', stderr: '', exitCode: 0 })
  })

  test('prints objects as a table', async () => {
    const { stdout } = await call('calculate_vm_cloud_properties', '{"cpu":1,"ram":2048,"ephemeral_disk_size":1024}')
    expect(stdout).toBe('instance_type  m1.small.ephemeral\n')
  })

  test('contract §7 networks are taken in the order in which they were typed, also where their names are integers', async () => {
    const config = given.config({
      default_key_name: 'bosh',
      default_security_groups: ['bosh'],
      use_dhcp: false,
      config_drive: 'cdrom',
    })
    const network = (ip: string, name: string, defaults: readonly string[]) =>
      JSON.stringify({
        type: 'manual',
        ip,
        netmask: '255.255.252.0',
        default: defaults,
        cloud_properties: { net_id: given.idOf('networks', name) },
      })
    const typed = `{"10": ${network('10.20.0.7', 'bosh-net-2', [])}, "9": ${network('10.10.1.7', 'bosh-net', ['dns', 'gateway'])}}`
    const words = ['an-agent', given.idOf('images', 'tiny-image'), '{"instance_type":"m1.tiny"}', typed, '[]', '{}']
    const { exitCode, stderr } = await runProgram(executable, ['call', 'create_vm', ...words, '--config', config])
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    const [server] = given.cloud.journal.of('servers.create').map(({ request }) => JSON.stringify(request))
    const placeOf = (ip: string) => {
      const port = given.cloud.state()['ports']?.find((one) => JSON.stringify(one).includes(`"${ip}"`))
      return server?.indexOf(String(port?.id)) ?? -1
    }
    expect(placeOf('10.20.0.7')).toBeGreaterThan(0)
    expect(placeOf('10.20.0.7')).toBeLessThan(placeOf('10.10.1.7'))
  })

  test('prints the whole answer with --json', async () => {
    const { stdout } = await call('info', '--json')
    expect(JSON.parse(stdout)).toMatchObject({ result: { api_version: 3 }, error: null, log: '' })
  })

  test('shows the API requests with --trace', async () => {
    const { stderr } = await call('has_disk', disk, '--trace')
    expect(stderr).toMatch(/^ +\d+ ms {2}201 {2}POST +http:\S+\/auth\/tokens {2}identity req-\S+$/m)
    expect(stderr).toMatch(/^ +\d+ ms {2}404 {2}GET +http:\S+\/volumes\/\S+ {2}block-storage req-\S+$/m)
    expect(stderr).not.toContain('bosh-password')
  })

  test('the upload of a stemcell shows a bar on a terminal, and only there', async ({ skip }) => {
    const image = given.file('image', '')
    await writeTinyStemcell(image)
    const words = ['call', 'create_stemcell', image, JSON.stringify(tinyStemcellProperties), '--config', given.config()]
    const quiet = await runProgram(executable, words)
    expect(quiet).toMatchObject({ stderr: '', exitCode: 0 })
    const script = spawnSync('script', ['--version'])
    if (script.status !== 0) skip('there is no program `script` to make a terminal')
    const command = [process.execPath, executable, ...words].map((word) => `'${word}'`).join(' ')
    const { stdout } = await promisify(execFile)('script', ['-qec', command, '/dev/null'])
    expect(stdout).toContain('100 %, 1 of 1 MiB')
  })

  test('ends with 1 and the message when the answer is an error', async () => {
    const { stdout, stderr, exitCode } = await call('set_disk_metadata', disk, '{}')
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 1 })
    expect(stderr).toMatch(/^Bosh::Clouds::DiskNotFound: .*\n$/)
  })
})

describe('help', () => {
  test('names the CPI call, the log level and the commands', async () => {
    const { stdout, exitCode } = await runProgram(executable, ['--help'])
    expect(exitCode).toBe(0)
    for (const word of ['openstack-cpi <config.json>', 'OPENSTACK_CPI_LOG_LEVEL', 'call'])
      expect(stdout).toContain(word)
    expect((await runProgram(executable, ['call', '--help'])).stdout).toContain('Examples:')
  })

  test('an unknown option is the user’s mistake', async () => {
    const { stderr, exitCode } = await runProgram(executable, ['call', 'info'])
    expect(exitCode).toBe(2)
    expect(stderr).toContain("required option '--config <file>'")
  })
  test.each([
    ['with options', ['doctro', '--config', 'cpi.json'], 'Did you mean doctor?'],
    ['with many words', ['cal', 'has_vm', 'vm-1'], 'Did you mean call?'],
    ['an option alone', ['--confg'], "unknown option '--confg'"],
  ])('a misspelt command %s is no CPI call: exit code 2, and the nearest command', async (_name, words, message) => {
    const run = await runProgram(executable, words)
    expect(run).toMatchObject({ exitCode: 2, stdout: '', stderr: expect.stringContaining(message) })
  })
  test('a misspelt command, typed on a terminal, is no CPI call that waits for a request', async ({ skip }) => {
    if (spawnSync('script', ['--version']).status !== 0) skip('there is no program `script` to make a terminal')
    const typed = `'${process.execPath}' '${executable}' doctr`
    const { status, stdout } = spawnSync('script', ['-qec', typed, '/dev/null'], { encoding: 'utf8' })
    expect(status).toBe(2)
    expect(stdout).toContain('Did you mean doctor?')
  })
})
