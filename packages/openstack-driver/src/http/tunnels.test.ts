import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import { type AddressInfo, connect } from 'node:net'
import type { Duplex } from 'node:stream'
import { describe, expect, onTestFinished, test } from 'vitest'
import { listenDuringTest } from '../../test/listening.ts'
import { createConnections } from './connections.ts'
import { createSendHttp } from './send-http.ts'

const pem = (name: string): string => readFileSync(new URL(`../../test/tls/${name}`, import.meta.url), 'utf8')

/** A proxy that joins the two ends, or does what the test says; remembers where it was to lead. */
async function givenProxy(tunnel?: (client: Duplex) => void) {
  const targets: string[] = []
  const server = createServer().on('connect', (request, client: Duplex) => {
    targets.push(request.url ?? '')
    if (tunnel !== undefined) return tunnel(client)
    const { port, hostname } = new URL(`tcp://${request.url}`)
    const target = connect(Number(port), hostname, () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n')
      target.pipe(client).pipe(target)
    })
    for (const end of [target, client]) end.on('error', () => undefined)
    client.on('close', () => target.destroy())
  })
  return { targets, url: `http://127.0.0.1:${await listenDuringTest(server)}` }
}

const givenService = async () => {
  const server = createSecureServer({ cert: pem('server.pem'), key: pem('server.key') }, (_, response) =>
    response.end('hello'),
  )
  return new URL(`https://127.0.0.1:${await listenDuringTest(server)}/`)
}

const timeouts = { connectTimeoutMs: 5_000, readTimeoutMs: 5_000, writeTimeoutMs: 5_000 }
const send = (method: string, url: URL, environment: Record<string, string>, caCert?: string, proxy?: string) =>
  createSendHttp(
    createConnections({
      connection: { ...timeouts, caCert, sslVerifyPeer: true, proxy },
      caBundle: undefined,
      environment,
    }),
    { ...timeouts, uploadAnswerTimeoutMs: 5_000, wholeAnswerTimeoutMs: 5_000 },
  )({ method, url, headers: {} })

describe('§3.3 https through a proxy', () => {
  test.each(['HTTPS_PROXY', 'https_proxy'])('%s: a tunnel, in which the service is verified', async (name) => {
    const [proxy, service] = await Promise.all([givenProxy(), givenService()])
    const environment = { [name]: proxy.url }
    expect(await send('GET', service, environment, pem('authority.pem'))).toMatchObject({ status: 200, body: 'hello' })
    expect(proxy.targets).toEqual([service.host])
    await expect(send('POST', service, environment)).rejects.toMatchObject({ reason: 'certificate', wasSent: false })
  })

  test('connection_options.proxy: a tunnel as well, whatever the environment names', async () => {
    const [proxy, other, service] = await Promise.all([givenProxy(), givenProxy(), givenService()])
    const answer = await send('GET', service, { HTTPS_PROXY: other.url }, pem('authority.pem'), proxy.url)
    expect(answer).toMatchObject({ status: 200, body: 'hello' })
    expect([proxy.targets, other.targets]).toEqual([[service.host], []])
  })

  test('NO_PROXY: no tunnel', async () => {
    const [proxy, service] = await Promise.all([givenProxy(), givenService()])
    const environment = { HTTPS_PROXY: proxy.url, NO_PROXY: '127.0.0.1' }
    expect(await send('GET', service, environment, pem('authority.pem'))).toMatchObject({ status: 200 })
    expect(proxy.targets).toEqual([])
  })

  test('a proxy that refuses the tunnel: the service has not seen the request', async () => {
    const proxy = await givenProxy((client) => client.end('HTTP/1.1 503 Service Unavailable\r\n\r\n'))
    const lost = send('POST', await givenService(), { HTTPS_PROXY: proxy.url }, pem('authority.pem'))
    await expect(lost).rejects.toMatchObject({ reason: 'network', wasSent: false })
  })
})

test('§3.3 IPv6 literals', async (context) => {
  const server = createServer((request, response) => response.end(request.headers.host))
  const isThere = await new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(false))
    server.listen(0, '::1', () => resolve(true))
  })
  if (!isThere) return context.skip()
  onTestFinished(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  const { port } = server.address() as AddressInfo // listening on a port, so it is no pipe's name
  expect(await send('GET', new URL(`http://[::1]:${port}/`), {})).toMatchObject({ body: `[::1]:${port}` })
})
