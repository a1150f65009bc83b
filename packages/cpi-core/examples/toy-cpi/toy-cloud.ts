import type { JsonObject } from '@openstack-cpi/cpi-core'
import type { Send } from './toy-cpi.ts'

export interface ToyCloud {
  readonly send: Send
  /** Paths of all that exists. */
  existing(): readonly string[]
}

/** The cloud that the tutorial's CPI is for: things with an id, over REST. */
export function createToyCloud(): ToyCloud {
  const things = new Map<string, JsonObject>()
  let made = 0
  const answer = (status: number, body: JsonObject | null = null): Response =>
    new Response(body === null ? null : JSON.stringify(body), { status })
  const conflict = (path: string, body: JsonObject): string | undefined => {
    if (path === 'servers' && !things.has(`images/${String(body['image'])}`)) return 'there is no such image'
    if (path === 'servers' && body['size'] === 'huge') return 'there is no host of this size'
    const holder = things.get(path)?.['attached'] ?? null
    const wanted = body['attached'] ?? null
    return holder !== null && wanted !== null && holder !== wanted ? 'the volume is attached elsewhere' : undefined
  }

  const post = (kind: string, body: JsonObject): Response => {
    const reason = conflict(kind, body)
    if (reason !== undefined) return answer(409, { reason })
    made += 1
    const thing = { ...body, id: `${kind}-${made}` }
    things.set(`${kind}/${thing.id}`, thing)
    return answer(201, thing)
  }
  const patch = (path: string, body: JsonObject): Response => {
    const reason = conflict(path, body)
    if (reason !== undefined) return answer(409, { reason })
    things.set(path, { ...things.get(path), ...body })
    return answer(200, things.get(path))
  }
  const remove = (path: string, thing: JsonObject): Response => {
    if ((thing['attached'] ?? null) !== null) return answer(409, { reason: 'the volume is attached' })
    things.delete(path)
    for (const [other, { attached, ...rest }] of things) if (attached === thing['id']) things.set(other, rest)
    return answer(204)
  }

  return {
    existing: () => [...things.keys()],
    send: async (request) => {
      const path = new URL(request.url).pathname.slice(1)
      const text = await request.text()
      const body: JsonObject = text === '' ? {} : JSON.parse(text)
      if (request.method === 'POST') return post(path, body)
      const thing = things.get(path)
      if (thing === undefined) return answer(404, { reason: 'there is no such thing' })
      if (request.method === 'PATCH') return patch(path, body)
      return request.method === 'DELETE' ? remove(path, thing) : answer(200, thing)
    },
  }
}
