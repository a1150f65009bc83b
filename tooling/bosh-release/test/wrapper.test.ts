import { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { listenOnLoopback } from '@openstack-cpi/harness/loopback'
import { startProcess } from '@openstack-cpi/harness/process'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasRuby, Installation } from './installation.ts'

const nobody = '00000000-0000-4000-8000-000000000000'

/** Runs a process that may leave core dumps as far as the machine allows it. */
const run = (command: readonly string[], env: Readonly<Record<string, string>>, input: string) =>
  startProcess(['/bin/sh', '-c', 'ulimit -c "$(ulimit -H -c)"; exec "$0" "$@"', ...command], env, input)

describe.skipIf(!hasRuby)('bin/cpi keeps what it knows to itself', () => {
  let installation: Installation
  let job: string
  /** Packages whose runtime only tells how it was started. */
  let telling: string

  beforeAll(async () => {
    installation = await Installation.create()
    job = await installation.render('openstack_cpi', {
      openstack: { auth_url: 'unused' },
      env: { http_proxy: "http://proxy:3128/'$(x)", no_proxy: '127.0.0.1' },
    })
    telling = join(installation.folder, 'telling')
    await mkdir(join(telling, 'bosh_openstack_cpi_node/bin'), { recursive: true })
    const node = join(telling, 'bosh_openstack_cpi_node/bin/node')
    await writeFile(node, '#!/bin/sh\nwhile read -r _; do :; done\nulimit -c\numask\necho "$@"\nexport -p\n')
    await chmod(node, 0o755)
  })
  afterAll(() => installation.remove())

  /** Reaches the driver, which cannot use the job's configuration. */
  const lookUp = JSON.stringify({ method: 'has_vm', arguments: [nobody], context: { director_uuid: 'd' } })
  const unusable = { error: { type: 'Bosh::Clouds::CloudError', message: expect.stringContaining('auth_url') } }
  const start = (env: Readonly<Record<string, string>>) =>
    run([join(job, 'bin/cpi')], { ...installation.environment, ...env }, lookUp).ended

  test('contract §2 no core dumps, private files, the config and the CA by absolute paths', async () => {
    const { stdout } = await start({ BOSH_PACKAGES_DIR: telling })
    const [core, mask, words] = stdout.split('\n')
    expect({ core, mask }).toEqual({ core: '0', mask: '0077' })
    const config = join(job, 'config')
    expect(words).toMatch(new RegExp(`${telling}/\\S+/openstack-cpi\\.js ${config}/cpi\\.json ${config}/cacert\\.pem$`))
  })

  test('the wrapper keeps the memory of each call small', async () => {
    const { stdout } = await start({ BOSH_PACKAGES_DIR: telling })
    expect(stdout).toMatch(/^export MALLOC_ARENA_MAX='?1'?$/m)
    expect(stdout.split('\n')[2]).toContain('--max-semi-space-size=1 ')
  })

  test('contract §2 with no environment at all, jobs and packages are where BOSH has them', async () => {
    const missing = await run([join(job, 'bin/cpi')], {}, lookUp).ended
    expect(missing.stderr).toContain('/var/vcap/packages/bosh_openstack_cpi_node/bin/node')
    const { stdout } = await run([join(job, 'bin/cpi')], { BOSH_PACKAGES_DIR: telling }, lookUp).ended
    const config = '/var/vcap/jobs/openstack_cpi/config'
    expect(stdout.split('\n')[2]).toMatch(new RegExp(`${config}/cpi\\.json ${config}/cacert\\.pem$`))
  })

  test('contract §2 a proxy reaches the runtime in both spellings and letter by letter', async () => {
    const { stdout } = await start({ BOSH_PACKAGES_DIR: telling })
    for (const name of ['http_proxy', 'HTTP_PROXY']) {
      expect(stdout).toMatch(new RegExp(`export ${name}='?http://proxy:3128/.*\\$\\(x\\)`))
    }
  })

  test('nobody can put code or authorities into the runtime through the environment', async () => {
    const intruder = join(installation.folder, 'intruder.cjs')
    await writeFile(intruder, 'process.stderr.write("intruded")')
    const { stdout, stderr } = await start({ NODE_OPTIONS: `--require ${intruder} --inspect=127.0.0.1:0` })
    expect(stderr).not.toMatch(/intruded|Debugger/)
    expect(JSON.parse(stdout)).toMatchObject(unusable)

    const told = await start({
      BOSH_PACKAGES_DIR: telling,
      NODE_EXTRA_CA_CERTS: '/some/ca',
      NODE_TLS_REJECT_UNAUTHORIZED: '0',
      NODE_PATH: '/some/path',
      NODE_COMPILE_CACHE: '/some/cache',
      SSL_CERT_FILE: '/some/authorities',
      SSL_CERT_DIR: '/some/authorities',
    })
    expect(told.stdout.match(/NODE_\w+|\/some\/\w+/g)).toEqual(['NODE_COMPILE_CACHE']) // the job's own
  })

  test('§3.3 the authorities of the machine count, looked up one by one where the machine has a file for each', async () => {
    const { stdout } = await start({ BOSH_PACKAGES_DIR: telling })
    const has = (await readdir('/etc/ssl/certs').catch(() => [])).some((name) => name.endsWith('.0'))
    expect(stdout.match(/--use-\S+-ca/g)).toEqual([has ? '--use-openssl-ca' : '--use-system-ca'])
    expect(/SSL_CERT_DIR='?\/etc\/ssl\/certs/.test(stdout)).toBe(has)
  })

  test('what was compiled is kept for the next call, where only the job’s user can enter', async () => {
    await start({})
    const code = join(job, '../../data/openstack_cpi/code')
    expect(await readdir(code)).not.toEqual([])
    for (const path of [code, ...(await readdir(code)).map((name) => join(code, name))]) {
      expect((await stat(path)).mode & 0o077, path).toBe(0)
    }
  })

  test('what was compiled and is damaged is not used', async () => {
    await start({})
    const code = join(job, '../../data/openstack_cpi/code')
    const files = (await readdir(code, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile())
    expect(files).not.toEqual([])
    for (const { parentPath, name } of files) {
      const bytes = await readFile(join(parentPath, name))
      await writeFile(
        join(parentPath, name),
        bytes.map((byte, at) => (at < 40 ? byte : byte ^ 0x5a)),
      )
    }
    expect(JSON.parse((await start({})).stdout)).toMatchObject(unusable)
  })

  test('SIGUSR1 opens no inspector', async () => {
    let signal = (): unknown => undefined
    // A Keystone that signals whoever asks it, before it answers.
    const keystone = await listenOnLoopback(
      createServer((_, answer) => {
        signal()
        answer.writeHead(401, { 'content-type': 'application/json' }).end('{}')
      }),
    )
    try {
      const login = { auth_url: `${keystone.url}/v3`, username: 'u', api_key: 'p', project: 'p', domain: 'd' }
      const context = { director_uuid: 'd', ...login }
      const request = JSON.stringify({ method: 'has_vm', arguments: [nobody], context, api_version: 2 })
      const { child, ended } = run([join(job, 'bin/cpi')], installation.environment, request)
      signal = () => child.kill('SIGUSR1')
      const { stdout, stderr, exitCode } = await ended
      expect(exitCode).toBe(0)
      expect(stderr).not.toContain('Debugger')
      expect(JSON.parse(stdout).error.message).toContain('refused the login')
    } finally {
      await keystone.close()
    }
  })

  describe('with words, which no director gives, it is a command for people', () => {
    const command = (words: readonly string[], env: Readonly<Record<string, string>> = {}) =>
      run([join(job, 'bin/cpi'), ...words], { ...installation.environment, ...env }, '').ended

    test('which looks at the job’s own configuration', async () => {
      const { stdout, exitCode } = await command(['config', '--json'])
      expect(exitCode).toBe(1) // placeholders are no configuration
      expect(JSON.parse(stdout).settings).toContainEqual({ name: 'auth_url', value: 'unused', source: 'file' })
    })

    test.each([
      ['doctor', '--flavor', 'm1.small'],
      ['leftovers', '--delete'],
      ['call', 'has_vm', 'x y'],
    ])('%s gets configuration, CA and the words as they are', async (name, ...words) => {
      const { stdout } = await command([name, ...words], { BOSH_PACKAGES_DIR: telling })
      const config = join(job, 'config')
      const given = `${name} --config ${config}/cpi.json --ca ${config}/cacert.pem ${words.join(' ')}`
      expect(stdout.split('\n')[2]).toMatch(new RegExp(`openstack-cpi\\.js ${given}$`))
    })

    test.each([
      ['config', '--from-openrc', 'openrc'],
      ['doctor', '--config', 'another.json'],
      ['doctor', '--help'],
      ['completion', 'bash'],
      ['--help'],
    ])('%s %s gets no configuration besides', async (...words) => {
      const { stdout } = await command(words, { BOSH_PACKAGES_DIR: telling })
      expect(stdout.split('\n')[2]).toMatch(new RegExp(`openstack-cpi\\.js ${words.join(' ')}$`))
    })

    test('root may use it: what the director keeps between calls stays the director’s', async () => {
      const { stdout } = await command(['call', 'has_vm', 'x'], { BOSH_PACKAGES_DIR: telling })
      expect(stdout).toMatch(/export OPENSTACK_CPI_CACHE_DIR='?off/)
      expect(stdout).toMatch(/export OPENSTACK_CPI_RECORDS_DIR='?off/)
      expect(stdout).not.toContain('NODE_COMPILE_CACHE')
    })

    test('leftovers looks where calls record what they have not answered', async () => {
      const { stdout } = await command(['leftovers'], { BOSH_PACKAGES_DIR: telling })
      expect(stdout).toMatch(/export OPENSTACK_CPI_RECORDS_DIR='?\/.*\/pending-results/)
    })
  })
})
