import type { Request } from '../session.ts'
import { askBoth, type Clouds } from './ask-both.ts'
import type { Finding } from './findings.ts'
import type { Generated } from './generate.ts'
import { placesOf, without } from './mutate.ts'

const maxTrials = 25

/** The smallest request that still shows the same kind of difference at the same place. */
export async function shrunk(clouds: Clouds, generated: Generated, finding: Finding): Promise<Finding> {
  let best = { generated, finding }
  let candidates = smaller(generated.request)
  for (let trials = 0; trials < maxTrials; trials += 1) {
    const { value: request } = candidates.next()
    if (!request) break
    const candidate = { ...generated, request }
    const { finding: again } = await askBoth(clouds, candidate)
    if (!again || !isSame(again, finding)) continue
    best = { generated: candidate, finding: again }
    candidates = smaller(request)
  }
  return { ...best.finding, cause: finding.cause }
}

const isSame = (one: Finding, other: Finding): boolean =>
  one.kind === other.kind && one.differences[0]?.at === other.differences[0]?.at

/** The same request with one part less: a header, the version, a query key, a field of the body. */
function* smaller(request: Request): Generator<Request, undefined> {
  for (const part of ['headers', 'version'] as const) {
    const { [part]: value, ...rest } = request
    if (value !== undefined) yield rest
  }
  const [path = '', query] = request.path.split('?')
  const keys = query?.split('&') ?? []
  for (const key of keys) {
    const left = keys.filter((one) => one !== key).join('&')
    yield { ...request, path: left === '' ? path : `${path}?${left}` }
  }
  for (const place of placesOf(request.body)) yield { ...request, body: without(request.body, place) }
}
