import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type CloudUnderTest, startCloud } from './cloud-config.ts'
import { executable, type RunOptions, runProgram } from './run-program.ts'

let given: CloudUnderTest
const folder = mkdtempSync(join(tmpdir(), 'openstack-cpi-doctor-test-'))
beforeAll(async () => {
  given = await startCloud()
})
afterAll(async () => {
  await given.close()
  rmSync(folder, { recursive: true })
})

const names = { default_key_name: 'bosh', default_security_groups: ['bosh'] }
const doctor = (words: readonly string[], openstack: object = names, options: RunOptions = {}) =>
  runProgram(executable, ['doctor', '--config', given.config(openstack), ...words], options)

describe('doctor', () => {
  test('§11 ends with 0 and a summary when there is no problem', async () => {
    const { stdout, stderr, exitCode } = await doctor(['--flavor', 'm1.small'])
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    expect(stdout).toContain('ok      flavors: flavor m1.small')
    expect(stdout).toMatch(/\nready for BOSH: \d+ checks, no problems, no warnings\n$/)
  })

  test('§11 ends with 1 when there is a problem, and reports why it matters and how to fix it', async () => {
    const { stdout, exitCode } = await doctor(['--flavor', 'none-such'])
    expect(exitCode).toBe(1)
    expect(stdout).toContain('PROBLEM flavors: flavor none-such does not exist\n          why:    create_vm fails')
    expect(stdout).toContain('remedy: Choose one of: ')
    expect(stdout).toContain('not ready for BOSH: 1 problem, no warnings')
  })

  test.each([
    [{}, 'use_dhcp: false and config_drive'],
    [{ use_dhcp: false }, 'config_drive (or'],
    [{ use_dhcp: false, config_drive: 'cdrom' }, undefined],
  ])('§6.2 names manual networks that no VM can have together: %j', async (more, missing) => {
    const net = (name: string) => `- {name: ${name}, type: manual, subnets: [{range: 10.10.0.0/22}]}`
    const cloudConfig = given.file('two-networks.yml', `networks:\n${net('private')}\n${net('storage')}\n`)
    const { stdout } = await doctor(['--cloud-config', cloudConfig, '--flavor', 'm1.small'], { ...names, ...more })
    if (missing === undefined) expect(stdout).toContain('VMs can have several of private, storage')
    else expect(stdout).toContain(`WARNING several networks: manual networks private, storage without ${missing}`)
  })

  test('§11 looks at what a cloud config names', async () => {
    const cloudConfig = given.file(
      'cloud-config.yml',
      `azs: [{name: z1, cloud_properties: {availability_zone: z9}}]
vm_types: [{name: default, cloud_properties: {instance_type: m1.unknown}}]
disk_types: [{name: default, disk_size: 1024, cloud_properties: {type: unknown-type}}]
networks:
- {name: default, type: manual, subnets: [{range: 10.10.0.0/22, cloud_properties: {net_id: unknown-net}}]}
- {name: vip, type: vip, subnets: [{static: [203.0.113.98]}]}
`,
    )
    const { stdout, exitCode } = await doctor(['--cloud-config', cloudConfig, '--json'])
    expect(exitCode).toBe(1)
    const report: { results: { findings: { severity: string; found: string }[] }[] } = JSON.parse(stdout)
    const problems = report.results
      .flatMap(({ findings }) => findings)
      .filter(({ severity }) => severity === 'problem')
      .map(({ found }) => found)
    for (const name of ['z9', 'm1.unknown', 'unknown-type', 'unknown-net', '203.0.113.98']) {
      expect(problems.filter((problem) => problem.includes(name))).toHaveLength(1)
    }
  })

  test('one login for all its questions', async () => {
    const before = given.cloud.journal.count
    await doctor([])
    const logins = given.cloud.journal.since(before).filter(({ operation }) => operation === 'tokens.create')
    expect(logins).toHaveLength(1)
  })

  test('a refused login is one clear problem', async () => {
    const { stdout, exitCode } = await doctor([], { api_key: 'wrong-password' })
    expect(exitCode).toBe(1)
    expect(stdout.match(/PROBLEM/g)).toHaveLength(1)
    expect(stdout).toMatch(/refused the login of user 'bosh'/)
    expect(stdout).not.toContain('wrong-password')
  })

  test('a configuration that cannot be used ends with 2 and all that is wrong with it', async () => {
    const { stdout, stderr, exitCode } = await doctor([], { api_key: null, state_timeout: 'long' })
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 2 })
    expect(stderr).toMatch(/^openstack-cpi: Invalid OpenStack cloud properties: .*state_timeout.*\n$/)
    expect(stderr).toContain('api_key')
  })

  test('a wrong number of VMs is the user’s mistake', async () => {
    expect(await doctor(['--vms', 'many'])).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('--vms') })
  })

  test('writes a page that needs nothing from elsewhere and shows text as text', async () => {
    const page = join(folder, 'report.html')
    expect((await doctor(['--flavor', '<b>&"', '--html', page])).exitCode).toBe(1)
    const html = readFileSync(page, 'utf8')
    expect(html).toMatch(/^<!doctype html>/)
    expect(html).toContain('<meta name="viewport" content="width=device-width')
    expect(html).toContain('color-scheme:light dark')
    expect(html).toContain('flavor &#60;b&#62;&#38;&#34; does not exist')
    expect(html).not.toMatch(/<b>|src=|href=|https?:\/\/(?!127\.0\.0\.1)/)
    expect(html).not.toContain('bosh-password')
  })

  test('--trace shows the requests without secrets', async () => {
    const { stderr } = await doctor(['--trace'])
    expect(stderr).toMatch(/GET .*\/flavors\/detail/)
    expect(stderr).not.toContain('bosh-password')
  })

  test('interrupted by a signal, --deep removes what it made and says so', async () => {
    const before = given.cloud.journal.count
    const run = await doctor(
      ['--deep', '--flavor', 'm1.small', '--network', given.idOf('networks', 'bosh-net')],
      names,
      {
        meanwhile: (child) => {
          const watch = setInterval(() => {
            const hasServer = given.cloud.journal.since(before).some(({ operation }) => operation === 'servers.create')
            if (hasServer) {
              clearInterval(watch)
              child.kill('SIGINT')
            }
          }, 5)
          child.once('exit', () => clearInterval(watch))
        },
      },
    )
    expect(run.exitCode).toBe(1)
    expect(run.stderr).toContain('SIGINT: deleting what was created')
    expect(run.stdout).toContain('clean up: removed image')
    expect(given.cloud.leftovers()).toEqual({})
  })
})

describe('behind TLS', () => {
  const pem = (name: string) =>
    readFileSync(new URL(`../../../packages/openstack-driver/test/tls/${name}`, import.meta.url))
  let server: Server
  let authUrl: string
  beforeAll(async () => {
    server = createServer({ key: pem('server.key'), cert: pem('server.pem') }, (_, answer) =>
      answer.writeHead(401).end(),
    )
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    authUrl = `https://127.0.0.1:${(server.address() as AddressInfo).port}/v3` // a server that listens on a port has one
  })
  afterAll(() => server.close())

  test('§11 a certificate of an unknown authority is named, with what to set', async () => {
    const { stdout } = await doctor([], { auth_url: authUrl })
    expect(stdout.match(/PROBLEM/g)).toHaveLength(1)
    expect(stdout).toContain('unable to verify the first certificate')
    expect(stdout).toContain(
      'remedy: Give the CA that signed the certificate: connection_options.ca_cert, or the CA file',
    )
  })

  test('with the CA the certificate is no problem', async () => {
    const ca = given.file('ca.pem', pem('authority.pem').toString())
    const { stdout } = await doctor(['--ca', ca], { auth_url: authUrl })
    expect(stdout).not.toContain('certificate')
    expect(stdout).toContain('refused the login')
  })
})
