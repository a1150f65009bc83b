import { readFileSync } from 'node:fs'
import { createServer as createSecureServer, type ServerOptions } from 'node:https'
import { connect, createServer } from 'node:net'
import { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import { listenDuringTest } from '../../test/listening.ts'
import { createConnections } from './connections.ts'
import { createSendHttp } from './send-http.ts'

const pem = (name: string): string => readFileSync(new URL(`../../test/tls/${name}`, import.meta.url), 'utf8')

/** A service that gets the request and never answers. */
async function givenService(onRequest: () => void, options: ServerOptions = {}): Promise<number> {
  const server = createSecureServer({ cert: pem('server.pem'), key: pem('server.key'), ...options }, (request) => {
    request.resume().once('end', onRequest)
  })
  server.on('tlsClientError', () => undefined)
  return await listenDuringTest(server)
}

const send = (method: string, port: number) => {
  const timeouts = { connectTimeoutMs: 5_000, readTimeoutMs: 5_000, writeTimeoutMs: 5_000 }
  const connection = { ...timeouts, caCert: pem('authority.pem'), sslVerifyPeer: true, proxy: undefined }
  const sending = createSendHttp(createConnections({ connection, caBundle: undefined, environment: {} }), {
    ...timeouts,
    uploadAnswerTimeoutMs: 5_000,
    wholeAnswerTimeoutMs: 5_000,
  })
  const body = method === 'PUT' ? { body: Readable.from([Buffer.from('x')]) } : {}
  return sending({ method, url: new URL(`https://127.0.0.1:${port}/`), headers: {}, ...body })
}

test.each(['POST', 'PUT'])(
  '§3.5 TLS that breaks once the service has %s: the request was sent, and no certificate is to blame',
  async (method) => {
    let breakIt: () => void = () => undefined
    const service = await givenService(() => breakIt())
    const between = createServer((client) => {
      const onwards = connect(service, '127.0.0.1')
      client.pipe(onwards).pipe(client, { end: false })
      for (const end of [client, onwards]) end.on('error', () => undefined)
      // An encrypted record that nobody has encrypted.
      breakIt = () => client.write(Buffer.concat([Buffer.from([23, 3, 3, 0, 32]), Buffer.alloc(32, 7)]))
    })
    await expect(send(method, await listenDuringTest(between))).rejects.toMatchObject({
      reason: 'network',
      wasSent: true,
    })
  },
)

test('§3.3 a service that demands a client certificate is not asked again', async () => {
  const port = await givenService(() => undefined, {
    requestCert: true,
    rejectUnauthorized: true,
    ca: pem('authority.pem'),
  })
  await expect(send('GET', port)).rejects.toMatchObject({ reason: 'certificate', wasSent: false })
})
