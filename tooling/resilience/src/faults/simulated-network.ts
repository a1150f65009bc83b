import { Readable } from 'node:stream'
import { ExchangeError, type HttpRequest, type HttpResponse, type SendHttp } from '@openstack-cpi/openstack-driver'
import type { FakeOpenStack } from 'fake-openstack'
import type { VirtualTime } from './virtual-time.ts'

/** The driver's default for `connection_options.read_timeout`. */
const readTimeoutMs = 60_000

/** Called with each request before it reaches the cloud. */
export type BeforeRequest = (request: HttpRequest) => Promise<void>

/** Connects the driver to a fake cloud in the same process: failures are as over sockets, the time they take is the cloud's. */
export function simulatedNetwork(cloud: FakeOpenStack, time: VirtualTime, beforeRequest?: BeforeRequest): SendHttp {
  return (request) =>
    time.during(async () => {
      request.signal?.throwIfAborted()
      await beforeRequest?.(request)
      const outcome = await cloud.exchange(toRequest(request))
      switch (outcome.kind) {
        case 'answer':
          return received(outcome.answer)
        case 'reset':
          throw new ExchangeError('network', 'read ECONNRESET', true)
        case 'refused':
          throw new ExchangeError('network', 'connect ECONNREFUSED', false)
        case 'silent':
          cloud.clock.advance(readTimeoutMs)
          throw new ExchangeError('timeout', `Could not get an answer within ${readTimeoutMs / 1000} s`, true)
        case 'truncated': {
          const whole = await received(outcome.answer)
          if (whole.body === '') return whole
          throw new ExchangeError('network', 'aborted', true)
        }
        case 'slow': {
          const whole = await received(outcome.answer)
          cloud.clock.advance(Math.ceil(whole.body.length / outcome.bytes) * outcome.everyMs)
          return whole
        }
      }
    })
}

function toRequest({ method, url, headers, body }: HttpRequest): Request {
  if (body === undefined || typeof body === 'string') {
    return new Request(url, { method, headers, ...(body === undefined ? {} : { body }) })
  }
  // Node's stream type and the global one are the same object under two declarations.
  const stream = Readable.toWeb(body) as unknown as ReadableStream<Uint8Array>
  return new Request(url, { method, headers, body: stream, duplex: 'half' })
}

interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array> | null
}

async function received({ status, headers, body }: Answer): Promise<HttpResponse> {
  const text = typeof body === 'string' ? body : body === null ? '' : await new Response(body).text()
  return { status, headers, body: text }
}
