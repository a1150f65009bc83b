import { HttpResponse, http, type RequestHandler } from 'msw'
import type { FakeOpenStack } from '../fake-openstack.ts'
import { toResponse } from '../kernel/response.ts'
import { cutShort, silence, slowed } from './broken-answer.ts'

/**
 * One catch-all handler for a cloud's origin: `setupServer(...mswHandlers(cloud))`. msw tries handlers one after the
 * other, so the cloud's own router does the routing. A cut connection becomes msw's network error. msw reads request
 * bodies whole: send large uploads over HTTP (`cloud.listen()`).
 */
export const mswHandlers = (cloud: FakeOpenStack): RequestHandler[] => [
  http.all(`${cloud.url}/*`, async ({ request }) => {
    const outcome = await cloud.exchange(request)
    switch (outcome.kind) {
      case 'reset':
      case 'refused':
        return HttpResponse.error()
      case 'silent':
        // The client gave up: msw wants an answer all the same, which nobody gets.
        return silence(request.signal).catch(() => HttpResponse.error())
      case 'truncated':
        return cutShort(toResponse(outcome.answer), outcome.bytes)
      case 'slow':
        return slowed(toResponse(outcome.answer), outcome)
      case 'answer':
        return toResponse(outcome.answer)
    }
  }),
]
