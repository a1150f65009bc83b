import { chmodSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { FaultRule } from 'fake-openstack'
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
const interrupted = { error: { message: expect.stringMatching(/interrupted/) } }

/** A server that takes requests and answers none; `asked` resolves with the first. */
async function silentServer() {
  const asked = Promise.withResolvers<ServerResponse>()
  const server = createServer((request, response) => {
    request.resume().once('end', () => asked.resolve(response))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // listening on a port, so it is no pipe's name
  return {
    origin: `http://127.0.0.1:${port}`,
    asked: asked.promise,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

describe('§3.6 SIGTERM ends the call, in every wait', () => {
  test('a login that hangs', async () => {
    const keystone = await silentServer()
    const config = given.config({ auth_url: `${keystone.origin}/v3` })
    const run = await runProgram(executable, [config], {
      stdin: aRequest('has_disk', [disk]),
      meanwhile: (child) => void keystone.asked.then(() => child.kill('SIGTERM')),
    })
    expect(answerOf(run)).toMatchObject(interrupted)
    await keystone.close()
  })

  test("the lock of another process' login", async () => {
    const folder = join(given.file('cache-parent', ''), '..', 'cache')
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    chmodSync(folder, 0o700)
    const keystone = await silentServer()
    const config = given.config({ auth_url: `${keystone.origin}/v3` })
    const env = { OPENSTACK_CPI_CACHE_DIR: folder }
    // The first call holds the lock while its login hangs; the second waits for the lock.
    const stopFirst = Promise.withResolvers<void>()
    const first = runProgram(executable, [config], {
      stdin: aRequest('has_disk', [disk]),
      env,
      meanwhile: (child) => void stopFirst.promise.then(() => child.kill('SIGTERM')),
    })
    await keystone.asked
    const second = await runProgram(executable, [config], {
      stdin: aRequest('has_disk', [disk]),
      env,
      meanwhile: (child) => void child.stderr.once('data', () => setImmediate(() => child.kill('SIGTERM'))),
    })
    expect(answerOf(second)).toMatchObject(interrupted)
    stopFirst.resolve()
    expect(answerOf(await first)).toMatchObject(interrupted)
    await keystone.close()
  })

  /** Interrupts a call at a request that gets no answer, whether it takes effect (`after`) or not. */
  const interruptedAt = async (
    match: FaultRule['match'],
    when: 'before' | 'after',
    method: string,
    args: unknown[],
  ) => {
    const id = given.cloud.faults.add({ match, when, do: { hang: true } })
    const isHit = () => given.cloud.faults.list().some((rule) => rule.id === id && rule.hits > 0)
    const config = given.config({ default_security_groups: ['bosh'], connection_options: { read_timeout: 600 } })
    const run = await runProgram(executable, [config], {
      stdin: aRequest(method, args),
      meanwhile: (child) => {
        const look = setInterval(() => {
          if (!isHit()) return
          clearInterval(look)
          child.kill('SIGTERM')
        }, 20)
      },
    })
    given.cloud.faults.remove(id)
    return answerOf(run)
  }

  test('an upload that gets no answer; the image is removed', async () => {
    const image = given.file('image', '')
    await writeTinyStemcell(image)
    const match = { service: 'image', operation: 'images.upload' }
    const answer = await interruptedAt(match, 'after', 'create_stemcell', [image, tinyStemcellProperties])
    expect(answer).toMatchObject(interrupted)
    expect(given.cloud.leftovers()).toEqual({})
  })

  const diskRequest = [1024, {}, null]
  const vmRequest = () => {
    const network = { type: 'manual', ip: '10.10.1.7', netmask: '255.255.252.0' }
    const cloud_properties = { net_id: given.idOf('networks', 'bosh-net') }
    const image = given.idOf('images', 'tiny-image')
    return ['agent', image, { instance_type: 'm1.tiny' }, { a: { ...network, cloud_properties } }, [], {}]
  }
  test.each([
    ['create_disk', 'block-storage', 'volumes.create', () => diskRequest],
    ['create_vm', 'network', 'ports.create', vmRequest],
    ['create_vm', 'compute', 'servers.create', vmRequest],
  ])(
    '%s whose request %s %s took effect and gets no answer; nothing is left',
    async (method, service, operation, request) => {
      const answer = await interruptedAt({ service, operation }, 'after', method, request())
      expect(answer.error).not.toBeNull()
      expect(given.cloud.leftovers()).toEqual({})
    },
  )

  test('a creation that gets no answer and is not found; the error names what may appear later', async () => {
    const match = { service: 'block-storage', operation: 'volumes.create' }
    const { error } = await interruptedAt(match, 'before', 'create_disk', diskRequest)
    expect(error?.message).toMatch(/interrupted while the result of creating volume volume-\S+ was unknown/)
  })
})

test('§2.3 a cache folder that cannot be used is a warning, and the call works', async () => {
  const folder = join(given.file('parent', ''), '..', 'full')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  chmodSync(folder, 0o700)
  const config = given.config()
  const env = { OPENSTACK_CPI_CACHE_DIR: folder }
  const stdin = aRequest('has_disk', [disk])
  await runProgram(executable, [config], { stdin, env })
  const [entry] = readdirSync(folder)
  rmSync(join(folder, String(entry)))
  // Something else has the names of the entry and of its lock, so that neither can be written.
  for (const name of [String(entry), `${entry}.lock`]) mkdirSync(join(folder, name), { mode: 0o700 })
  writeFileSync(join(folder, String(entry), 'x'), '')
  const run = await runProgram(executable, [config], { stdin, env })
  expect(answerOf(run)).toMatchObject({ result: false, error: null })
  expect(run.stderr).toMatch(/WARN.*Logging in without a lock/)
  expect(run.stderr).toMatch(/WARN.*Not keeping the login/)
})
