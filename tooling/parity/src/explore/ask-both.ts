import { compare, type Difference, isObject } from '../compare.ts'
import type { Recorded } from '../probe.ts'
import type { Answer, Request } from '../session.ts'
import { causeOf, type Finding, kindOf } from './causes.ts'
import type { Generated } from './generate.ts'
import type { PreparedCloud } from './prepare.ts'

/** Both clouds, in the same prepared state; without a real one its recorded answers are compared. */
export interface Clouds {
  readonly real: PreparedCloud | undefined
  readonly fake: PreparedCloud
}

/** What both clouds answered, and the difference, if there is one. */
export interface Outcome {
  readonly real: Recorded
  readonly finding?: Finding
}

/**
 * Sends a request to both clouds, compares the answers, and brings both back into the prepared state. `recorded` takes
 * the place of the real cloud's answer when there is no real cloud.
 */
export async function askBoth(
  clouds: Clouds,
  number: number,
  generated: Generated,
  recorded?: Recorded,
): Promise<Outcome> {
  const { request } = generated
  const [fake, real] = await Promise.all([
    ask(clouds.fake, generated),
    clouds.real ? ask(clouds.real, generated) : undefined,
  ])
  const there = real?.recorded ?? recorded
  if (!there) throw new Error(`request ${number} has neither a real cloud nor a recorded answer`)
  if (there.status === noResponse) return { real: there }
  const isAdminList = request.as === 'admin' && request.method === 'GET'
  const isDiscovery = /^\/(flavors|os-hypervisors|types|os-services|extensions|regions|services|endpoints)/.test(
    request.path,
  )
  const isShapeOnly = isAdminList || isDiscovery
  const differences = [
    ...compare(there, fake.recorded, isShapeOnly ? { list: 'shape' } : {}),
    ...(isShapeOnly && isFilter.test(request.path) ? differentOwn(there, fake.recorded) : []),
  ]
  const isAccepted = there.status < 400 || fake.recorded.status < 400
  if (isAccepted) {
    const isDifferent = differences.length > 0
    if (real) await clouds.real?.delete(real.request, real.answer)
    await clouds.fake.delete(fake.request, fake.answer)
    if (request.service === 'load-balancer' && !isReading(request)) {
      await Promise.all([clouds.real?.settle(), clouds.fake.settle()])
    }
    if (needsRenewal(request, isDifferent)) {
      await Promise.all([clouds.real?.renew(), clouds.fake.renew()])
    }
  }
  if (differences.length === 0 || isUnknownRoute(there, fake.recorded)) return { real: there }
  const kind = kindOf(there, fake.recorded, differences)
  const content = request.text ?? JSON.stringify(request.body)
  const finding: Finding = {
    number,
    kind,
    cause: causeOf(kind, generated, there, fake.recorded, differences),
    route: generated.route,
    what: generated.what,
    request: brief(`${request.method} ${request.path}`) + circumstances(request),
    ...(content === undefined ? {} : { body: brief(content) }),
    differences: differences.slice(0, 6),
  }
  return { real: there, finding }
}

/** A query that selects and does not page. */
const isFilter = /[?&](?!limit=|marker=|offset=|sort|page_reverse=)[^=]+=/

/** A different number of the exploration's own objects in lists that have objects of others too. */
function differentOwn(real: Recorded, fake: Recorded): Difference[] {
  if (real.status !== 200 || fake.status !== 200) return []
  const counts = { real: ownItems(real.body).length, fake: ownItems(fake.body).length }
  return counts.real === counts.fake ? [] : [{ at: 'own objects', ...counts }]
}

/** Items of lists that have the name of the exploration. */
export const ownItems = (body: unknown): unknown[] =>
  Object.values(isObject(body) ? body : {})
    .filter(Array.isArray)
    .flat()
    .filter((item) => /"parity(-[a-z]+)?"/.test(JSON.stringify(item)))

/** Long runs of one letter are counted, not shown. */
const brief = (text: string): string => text.replace(/x{50,}/g, (run) => `x…(${run.length})`).slice(0, 400)

const circumstances = ({ as, version, headers }: Request): string =>
  [
    ...(as === undefined || as === 'bosh' ? [] : [` as ${as}`]),
    ...(version === undefined ? [] : [` version ${version}`]),
    ...Object.entries(headers ?? {}).map(([name, value]) => ` ${name}: ${value}`),
  ].join('')

/** A path that the real service does not have either: 501 instead of 404 is how the fake says so everywhere. */
const isUnknownRoute = (real: Recorded, fake: Recorded): boolean =>
  fake.status === 501 &&
  real.status === 404 &&
  /resource could not be found|^null$|page not found/i.test(JSON.stringify(real.body))

/** Status of an answer that never came: the server closed the connection, with nothing to compare. */
const noResponse = 0

/** What one cloud answered to a request, whose placeholders are filled in. */
interface Asked {
  readonly request: Request
  readonly answer: Answer
  readonly recorded: Recorded
}

/** Sends a request to one cloud, without comparing. */
export async function ask(cloud: PreparedCloud, generated: Generated): Promise<Asked> {
  const request = withPlaceholders(generated.request, cloud.placeholders)
  const answer = await sent(cloud, request).catch((error: unknown) => {
    if (error instanceof TypeError && error.message === 'fetch failed') return silence
    throw error
  })
  return { request, answer, recorded: cloud.session.record(request, answer) }
}

const silence: Answer = { status: noResponse, headers: new Headers(), body: null, at: () => '' }

/** A token that has ended meanwhile is fetched anew, once. */
async function sent(cloud: PreparedCloud, request: Request): Promise<Answer> {
  const answer = await cloud.session.send(request)
  const hasToken = request.as !== 'anonymous' && request.as !== 'bad-token'
  if (answer.status !== 401 || !hasToken || request.path.startsWith('/auth')) return answer
  await cloud.session.start(['bosh', 'other', 'admin'])
  return cloud.session.send(request)
}

const withPlaceholders = (request: Request, known: ReadonlyMap<string, string>): Request => {
  const { body, ...rest } = request
  const filled = (text: string): string => text.replace(/\{(\w+)\}/g, (whole, key: string) => known.get(key) ?? whole)
  return {
    ...rest,
    path: filled(request.path),
    ...(body === undefined ? {} : { body: JSON.parse(filled(JSON.stringify(body))) as unknown }),
  }
}

/** Whether a request changes nothing. */
export const isReading = ({ method }: Request): boolean => ['GET', 'HEAD', 'OPTIONS'].includes(method)

/** Objects that a request may have changed; the others belong to the cloud and are not made anew. */
const prepared = /\{(?!unknown|tiny_image|external|role|service|standard_type|user|project|name|password)\w+\}/

/** Whether the prepared objects may be gone, in a state in between, or no longer the same on both clouds. */
function needsRenewal(request: Request, isDifferent: boolean): boolean {
  if (isReading(request)) return false
  const touches = prepared.test(request.path) || prepared.test(JSON.stringify(request.body ?? ''))
  if (!touches) return false
  const isTransient = /\/action$/.test(request.path)
  return isDifferent || request.method === 'DELETE' || isTransient
}
