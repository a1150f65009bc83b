import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { Readable } from 'node:stream'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createConnections } from './connections.ts'
import { createSendHttp, type Timeouts } from './send-http.ts'

const patient: Timeouts = {
  connectTimeoutMs: 5_000,
  readTimeoutMs: 5_000,
  writeTimeoutMs: 5_000,
  uploadAnswerTimeoutMs: 5_000,
}

const sendWith = (changes: Partial<Timeouts> = {}) => {
  const timeouts = { ...patient, ...changes }
  const connection = { ...timeouts, caCert: undefined, sslVerifyPeer: false, proxy: undefined }
  return createSendHttp(createConnections({ connection, caBundle: undefined, environment: {} }), timeouts)
}

/** Its port; it ends with the test. */
async function listen(server: Server): Promise<number> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => sockets.add(socket))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  })
  return (server.address() as AddressInfo).port // listening on a port, so it is no pipe's name
}

/** Takes connections and neither reads nor writes. */
const deaf = () => createServer({ pauseOnConnect: true })

describe('§3.3 time limits', () => {
  test('connect_timeout: until TLS is agreed on; nobody has seen the request', async () => {
    const url = new URL(`https://127.0.0.1:${await listen(deaf())}/`)
    await expect(sendWith({ connectTimeoutMs: 50 })({ method: 'POST', url, headers: {} })).rejects.toMatchObject({
      reason: 'timeout',
      wasSent: false,
      message: 'Could not connect within 0.05 s',
    })
  })

  test('write_timeout: between two steps of sending', async () => {
    const url = new URL(`http://127.0.0.1:${await listen(deaf())}/`)
    const endless = new Readable({
      read() {
        this.push(Buffer.alloc(64 * 1024))
      },
    })
    const sending = sendWith({ writeTimeoutMs: 50 })({ method: 'PUT', url, headers: {}, body: endless })
    await expect(sending).rejects.toMatchObject({
      reason: 'timeout',
      wasSent: true,
      message: 'Could not send the request within 0.05 s',
    })
  })

  test('read_timeout and its like for uploads: count from the last byte sent', async () => {
    const silent = new URL(`http://127.0.0.1:${await listen(deaf())}/`)
    const server = createHttpServer((request, response) => {
      request.resume().once('end', () => response.end('all there'))
    })
    const url = new URL(`http://127.0.0.1:${await listen(server)}/`)
    const send = sendWith({ readTimeoutMs: 50, uploadAnswerTimeoutMs: 50 })
    const failure: unknown[] = []
    // Longer than the limit by construction: another request runs into it between two pieces.
    async function* slowly() {
      yield Buffer.from('a')
      failure.push(await send({ method: 'GET', url: silent, headers: {} }).catch((error: unknown) => error))
      yield Buffer.from('b')
    }
    const sending = send({ method: 'PUT', url, headers: {}, body: Readable.from(slowly()) })
    expect(await sending).toMatchObject({ status: 200, body: 'all there' })
    expect(failure).toMatchObject([{ message: 'Could not get an answer within 0.05 s' }])
  })
})

test('§3.3 requests that follow each other share a connection', async () => {
  let connections = 0
  const server = createHttpServer((_, response) => response.end('hello'))
  server.on('connection', () => {
    connections += 1
  })
  const send = sendWith()
  const url = new URL(`http://127.0.0.1:${await listen(server)}/`)
  for (const method of ['GET', 'POST', 'DELETE'])
    expect(await send({ method, url, headers: {} })).toMatchObject({ body: 'hello' })
  expect(connections).toBe(1)
})
