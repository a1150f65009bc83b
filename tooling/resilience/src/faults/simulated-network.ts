import { Readable } from 'node:stream'
import { ExchangeError, type HttpRequest, type SendHttp } from '@openstack-cpi/openstack-driver'
import type { FakeOpenStack } from 'fake-openstack'
import type { Through } from './environments.ts'
import type { VirtualTime } from './virtual-time.ts'

/** The driver's default for `connection_options.read_timeout`. */
const readTimeoutMs = 60_000

/** Connects the driver to a fake cloud in the same process: failures are as over sockets, the time they take is the cloud's. */
export function simulatedNetwork(cloud: FakeOpenStack, time: VirtualTime, through: Through): SendHttp {
  const send = through(async (request) => {
    const outcome = await cloud.exchange(toRequest(request))
    switch (outcome.kind) {
      case 'reset':
        throw new ExchangeError('network', 'read ECONNRESET', true)
      case 'refused':
        throw new ExchangeError('network', 'connect ECONNREFUSED', false)
      case 'silent':
        cloud.clock.advance(readTimeoutMs)
        throw new ExchangeError('timeout', `Could not get an answer within ${readTimeoutMs / 1000} s`, true)
    }
    const { status, headers, body } = outcome.answer
    const text = typeof body === 'string' ? body : await new Response(body).text()
    if (outcome.kind === 'truncated' && text !== '') throw new ExchangeError('network', 'aborted', true)
    if (outcome.kind === 'slow') cloud.clock.advance(Math.ceil(text.length / outcome.bytes) * outcome.everyMs)
    return { status, headers, body: text }
  })
  return (request) =>
    time.during(async () => {
      request.signal?.throwIfAborted()
      return await send(request)
    })
}

function toRequest({ method, url, headers, body }: HttpRequest): Request {
  if (body === undefined) return new Request(url, { method, headers })
  if (typeof body === 'string') return new Request(url, { method, headers, body })
  // Node's stream type and the global one are the same object under two declarations.
  const stream = Readable.toWeb(body) as unknown as ReadableStream<Uint8Array>
  return new Request(url, { method, headers, body: stream, duplex: 'half' })
}
