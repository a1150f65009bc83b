import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { createServer, request } from 'node:https'
import { text } from 'node:stream/consumers'
import tls from 'node:tls'
import { expect, onTestFinished, test } from 'vitest'
import { listenDuringTest } from '../../test/listening.ts'
import type { ConnectionOptions } from '../config/openstack-config.ts'
import { createConnections } from './connections.ts'
import { createSendHttp } from './send-http.ts'

const pem = (name: string): string => readFileSync(new URL(`../../test/tls/${name}`, import.meta.url), 'utf8')
const authority = pem('authority.pem')

const secureServer = async (onConnection: () => void = () => undefined): Promise<URL> => {
  const server = createServer({ cert: pem('server.pem'), key: pem('server.key') }, (_, response) =>
    response.end('hello'),
  )
  server.on('secureConnection', onConnection)
  const port = await listenDuringTest(server)
  return new URL(`https://127.0.0.1:${port}/`)
}

const usual: ConnectionOptions = {
  caCert: undefined,
  sslVerifyPeer: true,
  connectTimeoutMs: 5_000,
  readTimeoutMs: 5_000,
  writeTimeoutMs: 5_000,
  proxy: undefined,
}

const get = async (url: URL, changes: Partial<ConnectionOptions> = {}, caBundle?: string) => {
  const connection = { ...usual, ...changes }
  const send = createSendHttp(createConnections({ connection, caBundle, environment: {} }), {
    ...connection,
    uploadAnswerTimeoutMs: 5_000,
    wholeAnswerTimeoutMs: 5_000,
  })
  return await send({ method: 'GET', url, headers: {} })
}

test.each<[string, Partial<ConnectionOptions>, string | undefined]>([
  ['ca_cert of the configuration', { caCert: authority }, undefined],
  ['the CA file', {}, authority],
  ['both', { caCert: authority }, authority],
  ['ssl_verify_peer false', { sslVerifyPeer: false }, undefined],
])('§3.3 an authority of its own: %s', async (_, options, caBundle) => {
  expect(await get(await secureServer(), options, caBundle)).toMatchObject({ status: 200, body: 'hello' })
})

test.each([undefined, ''])('§3.3 an unknown certificate authority is not retried (%j)', async (caBundle) => {
  await expect(get(await secureServer(), {}, caBundle)).rejects.toMatchObject({
    reason: 'certificate',
    wasSent: false,
  })
})

// Node 22.18 cannot change them.
test.skipIf(!('setDefaultCACertificates' in tls)).each([undefined, ''])(
  "§3.3 without an authority of its own the system's count (%j)",
  async (caBundle) => {
    const usual = tls.getCACertificates('default')
    tls.setDefaultCACertificates([authority])
    onTestFinished(() => tls.setDefaultCACertificates(usual))
    expect(await get(await secureServer(), {}, caBundle)).toMatchObject({ status: 200 })
  },
)

test('so is http spoken to https, and the other way round', async () => {
  const url = await secureServer()
  const plain = new URL(url.href.replace('https', 'http'))
  await expect(get(plain)).rejects.toMatchObject({ name: 'ExchangeError' })
})

test('another protocol is refused', async () => {
  await expect(get(new URL('ftp://127.0.0.1/'))).rejects.toThrow(/Not an http or https URL/)
})

test("§3.3 requests over TLS share a connection, also with a check of the server's name of their own", async () => {
  let connections = 0
  const url = await secureServer(() => connections++)
  const agents = await createConnections({ connection: usual, caBundle: authority, environment: {} }).agentFor(url)
  if (!('https' in agents)) throw new Error('no agent for https')
  for (let sent = 0; sent < 2; sent++) {
    const outgoing = request(url, {
      agent: agents.https,
      checkServerIdentity: (...given) => tls.checkServerIdentity(...given),
    }).end()
    const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage]
    await text(incoming)
  }
  expect(connections).toBe(1)
})
