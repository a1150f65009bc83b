import { HttpResponse, http, type RequestHandler } from 'msw'
import type { FakeOpenStack } from '../fake-interface.ts'
import { responseOf } from './broken-answer.ts'

/**
 * One catch-all handler for a cloud's origin: `setupServer(...mswHandlers(cloud))`. msw tries handlers one after the
 * other, so the cloud's own router does the routing. A cut connection becomes msw's network error. msw reads request
 * bodies whole: send large uploads over HTTP (`cloud.listen()`).
 */
export const mswHandlers = (cloud: FakeOpenStack): RequestHandler[] => [
  http.all(`${cloud.url}/*`, async ({ request }) => {
    const outcome = await cloud.exchange(request)
    try {
      return await responseOf(outcome, request.signal)
    } catch {
      return HttpResponse.error() // no answer at all: msw's word for a connection that broke
    }
  }),
]
