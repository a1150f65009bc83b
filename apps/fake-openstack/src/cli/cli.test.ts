import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { createPublicKey } from 'node:crypto'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { request } from 'node:https'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { parse } from 'yaml'
import { exec } from './exec.ts'

const program = fileURLToPath(new URL('../../bin/fake-openstack.js', import.meta.url))

let folder = ''
const children: ChildProcess[] = []

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fake-openstack-test-'))
})

afterEach(async () => {
  for (const child of children.splice(0)) if (child.exitCode === null) child.kill('SIGKILL')
  await rm(folder, { recursive: true, force: true })
})

/** Starts `serve` and waits for its first output, or for the given file. */
const serve = async (...flags: string[]) => {
  const child = spawn(process.execPath, [program, 'serve', ...flags], { stdio: ['ignore', 'pipe', 'inherit'] })
  children.push(child)
  const [output] = await once(child.stdout, 'data')
  const stop = async () => {
    child.kill('SIGTERM')
    const [code] = await once(child, 'exit')
    return code
  }
  return { output: String(output), url: /http:\/\/127\.0\.0\.1:\d+/.exec(String(output))?.[0] ?? '', stop }
}

const run = (...args: string[]) =>
  new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    const env = { ...process.env, OS_CLOUD: 'elsewhere' }
    const child = execFile(process.execPath, [program, ...args], { env }, (_error, stdout, stderr) =>
      resolve({ code: child.exitCode ?? -1, stdout, stderr }),
    )
  })

const passwordLogin = ({ name, password, project }: { name: string; password: string; project: string }) => ({
  auth: {
    identity: { methods: ['password'], password: { user: { name, password, domain: { id: 'default' } } } },
    scope: { project: { name: project, domain: { id: 'default' } } },
  },
})

/** Posts JSON over HTTPS, trusting `ca` if it is given. */
const post = async (url: string, body: unknown, ca?: string) => {
  const outgoing = request(url, { method: 'POST', headers: { 'content-type': 'application/json' }, ca })
  outgoing.end(JSON.stringify(body))
  const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage] // what the event brings
  return JSON.parse(await text(incoming))
}

const json = async (file: string) => JSON.parse(await readFile(file, 'utf8'))

test('serve is quiet when piped, writes the cloud’s files and stops cleanly on SIGTERM', async () => {
  const { output, url, stop } = await serve('--directory', folder)
  expect(output).toBe(`${url}\n`)
  // The address is printed when everything is written.
  expect((await readdir(folder)).sort()).toEqual(['bosh.pem', 'bosh.pem.pub', 'clouds.yaml', 'fixtures.json', 'openrc'])
  const cloud = await json(join(folder, 'fixtures.json'))
  expect(cloud).toMatchObject({
    auth_url: `${url}/identity/v3`,
    region: 'RegionOne',
    domain: 'Default',
    ca_file: null,
    tls_auth_url: null,
    user: { name: 'bosh', project: 'bosh', password: expect.any(String), project_id: expect.any(String) },
    small_user: { name: 'bosh-small', quota: { instances: 1, gigabytes: 2, ports: 3 } },
    other_user: { name: 'other' },
    admin: { user: 'admin', project: 'admin' },
    endpoints: { identity: `${url}/identity/v3`, compute: `${url}/compute/v2.1`, image: `${url}/image` },
    flavors: { 'm1.small': { id: '2', ram: 2048, disk: 20, ephemeral: 0, vcpus: 1 } },
    networks: { 'bosh-net': { subnets: { 'bosh-net-subnet': { cidr: '10.10.0.0/22', gateway: '10.10.0.1' } } } },
    external_network: { name: 'public', cidr: '203.0.113.0/24' },
    floating_ips: ['203.0.113.137', '203.0.113.203'],
    security_groups: { default: expect.any(String), bosh: expect.any(String), 'bosh-extra': expect.any(String) },
    router: { name: 'bosh-router' },
    image: { name: 'tiny-image' },
    keypair: { name: 'bosh', private_key: join(folder, 'bosh.pem') },
    availability_zones: { compute: { z1: ['compute-z1'] }, volume: ['nova', 'z1', 'z2'] },
  })
  const clouds = parse(await readFile(join(folder, 'clouds.yaml'), 'utf8')).clouds
  expect(Object.keys(clouds)).toEqual(['bosh', 'bosh-small', 'other', 'admin'])
  expect((await stat(join(folder, 'bosh.pem'))).mode & 0o777).toBe(0o600)
  expect(createPublicKey(await readFile(join(folder, 'bosh.pem'))).asymmetricKeyType).toBe('rsa')
  expect(await stop()).toBe(0)
})

test('the key pair of the cloud is the one in the files', async () => {
  const ready = join(folder, 'ready.json')
  const { url } = await serve('--ready-file', ready)
  const publicKey = (await readFile(join(folder, 'ready.pem.pub'), 'utf8')).trim()
  expect((await json(ready)).keypair.public_key).toBe(join(folder, 'ready.pem.pub'))
  const state = await (await fetch(`${url}/_fake/state`)).json()
  expect(state).toMatchObject({ keypairs: [{ name: 'bosh', public_key: publicKey }] })
})

const tls = (name: string) =>
  fileURLToPath(new URL(`../../../../packages/openstack-driver/test/tls/${name}`, import.meta.url))

test('the TLS listener shows the same cloud, with https in every address', async () => {
  const certificate = [
    '--tls-cert',
    tls('server.pem'),
    '--tls-key',
    tls('server.key'),
    '--tls-ca',
    tls('authority.pem'),
  ]
  const { url } = await serve('--directory', folder, ...certificate)
  const cloud = await json(join(folder, 'fixtures.json'))
  expect(cloud).toMatchObject({
    auth_url: `${url}/identity/v3`,
    tls_auth_url: expect.stringMatching(/^https:\/\/127\.0\.0\.1:\d+\/identity\/v3$/),
    ca_file: tls('authority.pem'),
  })
  expect(Object.keys(cloud.tls_endpoints)).toEqual(Object.keys(cloud.endpoints))
  const clouds = parse(await readFile(join(folder, 'clouds.yaml'), 'utf8')).clouds
  expect(clouds['bosh-tls']).toMatchObject({ auth: { auth_url: cloud.tls_auth_url }, cacert: cloud.ca_file })

  await expect(post(`${cloud.tls_auth_url}/auth/tokens`, passwordLogin(cloud.user))).rejects.toThrow(/certificate/)
  const ca = await readFile(cloud.ca_file, 'utf8')
  const { token } = await post(`${cloud.tls_auth_url}/auth/tokens`, passwordLogin(cloud.user), ca)
  const urls = token.catalog.flatMap((service: { endpoints: { url: string }[] }) => service.endpoints.map((e) => e.url))
  expect(urls).toEqual(expect.arrayContaining([cloud.tls_endpoints.compute, cloud.tls_endpoints.volumev3]))
  expect(urls.filter((one: string) => !one.startsWith('https://'))).toEqual([])
})

test('a snapshot is saved when stopped and taken up at the next start', async () => {
  const file = join(folder, 'state.json')
  const first = await serve('--state', file)
  await fetch(`${first.url}/_fake/clock`, { method: 'POST', body: '{"mode":"virtual"}' })
  expect(existsSync(file)).toBe(false)
  expect(await first.stop()).toBe(0)
  const snapshot = await json(file)
  snapshot.content.images[0].name = 'changed-by-hand'
  await writeFile(file, JSON.stringify(snapshot))
  const second = await serve('--state', file)
  expect(await (await fetch(`${second.url}/_fake/state`)).json()).toMatchObject({
    images: [{ name: 'changed-by-hand' }],
  })
})

test.each([
  ['--port', []],
  ['--tls-port', ['--tls-cert', tls('server.pem'), '--tls-key', tls('server.key')]],
])('a busy port for %s is named with its holder', async (flag, others) => {
  const holder = createServer().listen(0, '127.0.0.1')
  await once(holder, 'listening')
  const address = holder.address()
  const port = typeof address === 'object' ? String(address?.port) : ''
  const { code, stderr } = await run('serve', ...others, flag, port)
  holder.close()
  expect(code).toBe(1)
  expect(stderr).toContain(`Port ${port} is taken`)
  expect(stderr).toContain(`${flag} 0 for any free one`)
  if (process.platform === 'linux') expect(stderr).toContain(`(pid ${process.pid})`)
})

test('exec runs a command against a cloud of its own and has its exit code', async () => {
  const script =
    'const cloud = JSON.parse(require("fs").readFileSync(process.env.OPENSTACK_FIXTURES)); fetch(process.env.OS_AUTH_URL).then((r) => { console.log(r.status, cloud.user.name === process.env.OS_USERNAME, process.env.OS_CLOUD, process.env.OS_AUTH_URL.startsWith(process.env.FAKE_OPENSTACK_URL), /admin:/.test(require("fs").readFileSync(process.env.OS_CLIENT_CONFIG_FILE))); process.exit(7) })'
  const { code, stdout } = await run('exec', '--', process.execPath, '-e', script)
  expect([code, stdout.trim()]).toEqual([7, '200 true undefined true true'])
})

test.each([
  ['a command that is not there', ['nothing-of-that-name'], 127, 'nothing-of-that-name: command not found'],
  ['a file that is no program', [fileURLToPath(import.meta.url)], 126, 'permission denied'],
  ['a command that a signal ends', ['sh', '-c', 'kill -9 $$'], 137, ''],
] as const)('exec of %s ends as a shell would', async (_what, command, code, message) => {
  const answer = await run('exec', '--', ...command)
  expect(answer.code).toBe(code)
  expect(answer.stderr).toContain(message)
  expect(answer.stderr.trim().split('\n')).toHaveLength(1)
})

test('exec looks for a name along the PATH as a shell does', async () => {
  const [open, closed] = [join(folder, 'open'), join(folder, 'closed')]
  await mkdir(open)
  await mkdir(closed, { mode: 0o000 }) // root may enter it all the same, and finds nothing
  await writeFile(join(open, 'no-program'), '')
  const said: string[] = []
  const flags = { seed: 'bosh', clock: 'real' }
  const ended = (program: string) =>
    exec([program], flags, {
      env: { PATH: `${closed}:${open}` },
      complain: (text) => said.push(text),
      onSignal: () => {},
    })
  expect(await ended('no-program')).toBe(126)
  expect(await ended('nothing')).toBe(127)
  expect(said).toEqual(['no-program: permission denied', 'nothing: command not found'])
})

test('a seed of one’s own needs no more than a user with a project', async () => {
  const seed = join(folder, 'seed.yaml')
  await writeFile(seed, "projects: [{name: dev}]\nusers: [{name: ann, password: s'x, roles: {dev: [member]}}]\n")
  const { code, stdout } = await run(
    'exec',
    '--seed',
    seed,
    '--',
    'sh',
    '-c',
    'echo "$OS_USERNAME $OS_PASSWORD $OS_PROJECT_NAME"',
  )
  expect([code, stdout.trim()]).toEqual([0, "ann s'x dev"])
  const { stderr } = await run('serve', '--seed', 'empty', '--env')
  expect(stderr.trim()).toBe('fake-openstack: the seed has no user with a project: no user could log in')
})

test('the ready file of an earlier run is gone before the cloud is ready', async () => {
  const ready = join(folder, 'ready.json')
  await writeFile(ready, '{}')
  const holder = createServer().listen(0, '127.0.0.1')
  await once(holder, 'listening')
  const address = holder.address()
  await run('serve', '--ready-file', ready, '--port', typeof address === 'object' ? String(address?.port) : '')
  holder.close()
  expect(existsSync(ready)).toBe(false)
})

test.each([
  [['serve', '--release', 'yoga'], '--release wants zed or 2025.1 or 2026.2, not yoga'],
  [['serve', '--clock', 'sundial'], '--clock wants real or virtual, not sundial'],
  [['serve', '--page-size', '0'], '--page-size wants a number from 1, not 0'],
  [['serve', '--seed', 'nowhere.yaml'], 'there is no file nowhere.yaml'],
  [['serve', '--seed', '/'], '--seed / cannot be read: EISDIR'],
  [['serve', '--seed', import.meta.filename], `--seed ${import.meta.filename} cannot be read: `],
  [['serve', '--state', '/nowhere/state.json'], '--state: nothing can be written to /nowhere'],
  [['serve', '--duration', 'fast'], '--duration wants <transition>=<time>'],
  [['serve', '--duration', 'servers.build=5s=6s'], '--duration wants <transition>=<time>'],
  [['serve', '--duration', 'servers.bild=5s'], 'no lifecycle or step for a duration: servers.bild'],
  [['serve', '--latency', 'soon'], 'not a duration: "soon"'],
  [['serve', '--port', '99999'], '--port wants 0 to 65535'],
  [['serve', '--tls-cert', 'a.pem'], 'a TLS listener needs both --tls-cert and --tls-key'],
  [['serve', '--tls-cert', 'a.pem', '--tls-key', 'b.pem'], '--tls-cert: there is no file a.pem'],
  [['serve', '--tls-cert', tls('server.key'), '--tls-key', tls('server.key')], '--tls-cert and --tls-key: '],
])('%j is refused in one line', async (args, message) => {
  const { code, stderr } = await run(...args)
  expect(code).toBe(1)
  expect(stderr).toContain(message)
  expect(stderr.trim().split('\n')).toHaveLength(1)
})
