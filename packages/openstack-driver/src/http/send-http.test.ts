import { createServer as createHttpServer } from 'node:http'
import { createServer } from 'node:net'
import { Readable } from 'node:stream'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { listenDuringTest } from '../../test/listening.ts'
import { createConnections } from './connections.ts'
import type { Timeouts } from './exchange.ts'
import { createSendHttp } from './send-http.ts'

const longTimeouts: Timeouts = {
  connectTimeoutMs: 5_000,
  readTimeoutMs: 5_000,
  writeTimeoutMs: 5_000,
  uploadAnswerTimeoutMs: 5_000,
  wholeAnswerTimeoutMs: 5_000,
}

const sendWith = (changes: Partial<Timeouts> = {}) => {
  const timeouts = { ...longTimeouts, ...changes }
  const connection = { ...timeouts, caCert: undefined, sslVerifyPeer: false, proxy: undefined }
  return createSendHttp(createConnections({ connection, caBundle: undefined, environment: {} }), timeouts)
}

/** Takes connections and neither reads nor writes. */
const deaf = () => createServer({ pauseOnConnect: true })

describe('§3.3 time limits', () => {
  test('connect_timeout: until TLS is agreed on; nobody has seen the request', async () => {
    const url = new URL(`https://127.0.0.1:${await listenDuringTest(deaf())}/`)
    await expect(sendWith({ connectTimeoutMs: 50 })({ method: 'POST', url, headers: {} })).rejects.toMatchObject({
      reason: 'timeout',
      wasSent: false,
      message: 'Could not connect within 0.05 s',
    })
  })

  test('write_timeout: between two steps of sending', async () => {
    const url = new URL(`http://127.0.0.1:${await listenDuringTest(deaf())}/`)
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

  test.each(['GET', 'PUT'])(
    'an answer to %s that never comes to its end, though its pieces come in time',
    async (method) => {
      const server = createHttpServer((_, response) => {
        response.writeHead(200, { 'content-length': '100000' })
        const timer = setInterval(() => response.write(' '), 5)
        response.once('close', () => clearInterval(timer))
      })
      const url = new URL(`http://127.0.0.1:${await listenDuringTest(server)}/`)
      // Far apart, so that a busy machine does not meet the limit between two pieces.
      const send = sendWith({ readTimeoutMs: 60_000, uploadAnswerTimeoutMs: 60_000, wholeAnswerTimeoutMs: 100 })
      const upload = method === 'PUT' ? { body: Readable.from([Buffer.from('x')]) } : {}
      await expect(send({ method, url, headers: {}, ...upload })).rejects.toMatchObject({
        reason: 'timeout',
        wasSent: true,
        message: 'Could not read the whole answer within 0.1 s',
      })
    },
  )

  test('read_timeout and its like for uploads: count from the last byte sent', async () => {
    const silent = new URL(`http://127.0.0.1:${await listenDuringTest(deaf())}/`)
    const server = createHttpServer((request, response) => {
      request.resume().once('end', () => response.end('all there'))
    })
    const url = new URL(`http://127.0.0.1:${await listenDuringTest(server)}/`)
    const send = sendWith({ readTimeoutMs: 500, uploadAnswerTimeoutMs: 500 })
    const failure: unknown[] = []
    // Longer than the limit by construction: another request runs into it between two pieces.
    async function* slowly() {
      yield Buffer.from('a')
      failure.push(await send({ method: 'GET', url: silent, headers: {} }).catch((error: unknown) => error))
      yield Buffer.from('b')
    }
    const sending = send({ method: 'PUT', url, headers: {}, body: Readable.from(slowly()) })
    expect(await sending).toMatchObject({ status: 200, body: 'all there' })
    expect(failure).toMatchObject([{ message: 'Could not get an answer within 0.5 s' }])
  })
})

test('§3.3 requests that follow each other share a connection', async () => {
  let connections = 0
  const server = createHttpServer((_, response) => response.end('hello'))
  server.on('connection', () => {
    connections += 1
  })
  const send = sendWith()
  const url = new URL(`http://127.0.0.1:${await listenDuringTest(server)}/`)
  for (const method of ['GET', 'POST', 'DELETE'])
    expect(await send({ method, url, headers: {} })).toMatchObject({ body: 'hello' })
  expect(connections).toBe(1)
})

describe('§3.5 a response that is no answer of a service', () => {
  const answering = async (bytes: string, method: string) => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined)
      socket.once('data', () => socket.end(bytes))
    })
    const url = new URL(`http://127.0.0.1:${await listenDuringTest(server)}/`)
    const upload = method === 'PUT' ? { body: Readable.from([Buffer.from('x')]) } : {}
    return await sendWith()({ method, url, headers: {}, ...upload })
  }

  test.each(['GET', 'POST'])('%s: another protocol (101) is a broken connection', async (method) => {
    const bytes = 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n'
    await expect(answering(bytes, method)).rejects.toMatchObject({
      reason: 'network',
      wasSent: true,
      message: 'The connection was closed without an answer',
    })
  })

  test.each(['GET', 'PUT'])('%s: a body that was cut off is told in words', async (method) => {
    const bytes = 'HTTP/1.1 200 OK\r\ncontent-length: 200\r\n\r\n{"server":'
    await expect(answering(bytes, method)).rejects.toMatchObject({
      reason: 'network',
      wasSent: true,
      message: expect.stringMatching(/aborted|mismatch/),
    })
  })
})

describe('an answer that is compressed though nothing asked for it', () => {
  const answering = async (body: Buffer, encoding: string, method = 'GET') => {
    const server = createHttpServer((_, response) => response.setHeader('content-encoding', encoding).end(body))
    const url = new URL(`http://127.0.0.1:${await listenDuringTest(server)}/`)
    const upload = method === 'PUT' ? { body: Readable.from([Buffer.from('x')]) } : {}
    return await sendWith()({ method, url, headers: {}, ...upload })
  }
  const text = JSON.stringify({ servers: ['ä'] })

  test.each<[string, Buffer, string]>([
    ['gzip', gzipSync(text), 'GET'],
    ['x-gzip', gzipSync(text), 'POST'],
    ['deflate', deflateSync(text), 'GET'],
    ['br', brotliCompressSync(text), 'GET'],
    ['gzip, br', brotliCompressSync(gzipSync(text)), 'GET'],
    ['identity', Buffer.from(text), 'GET'],
    ['gzip', gzipSync(text), 'PUT'],
  ])('%s is read', async (encoding, body, method) => {
    expect(await answering(body, encoding, method)).toMatchObject({ status: 200, body: text })
  })

  test('no encoding is asked for', async () => {
    const server = createHttpServer((request, response) => response.end(request.headers['accept-encoding'] ?? 'none'))
    const url = new URL(`http://127.0.0.1:${await listenDuringTest(server)}/`)
    expect(await sendWith()({ method: 'GET', url, headers: {} })).toMatchObject({ body: 'none' })
  })

  test.each([
    ['gzip', Buffer.from('no gzip'), /is no valid gzip/],
    ['zip', Buffer.from('PK'), /unknown encoding, 'zip'/],
    ['gzip', gzipSync(Buffer.alloc(65 * 1024 * 1024)), /larger than/],
  ])('%s that cannot be read is an error', async (encoding, body, message) => {
    await expect(answering(body, encoding)).rejects.toMatchObject({
      name: 'ExchangeError',
      message: expect.stringMatching(message),
    })
  })
})
