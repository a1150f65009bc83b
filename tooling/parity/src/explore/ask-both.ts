import { compare, type Difference, isObject } from '../compare.ts'
import type { Recorded } from '../probe.ts'
import type { Request } from '../session.ts'
import { findingOf, type Outcome } from './findings.ts'
import type { Generated } from './generate.ts'
import { noResponse, type PreparedCloud } from './prepare.ts'

/** Both clouds, in the same prepared state; without a real one its recorded answers are compared. */
export interface Clouds {
  readonly real: PreparedCloud | undefined
  readonly fake: PreparedCloud
}

/**
 * Sends a request to both clouds, compares the answers, and brings both back into the prepared state. `recorded` takes
 * the place of the real cloud's answer when there is no real cloud.
 */
export async function askBoth(clouds: Clouds, generated: Generated, recorded?: Recorded): Promise<Outcome> {
  const { request } = generated
  const [here, there] = await Promise.all([clouds.fake.ask(request), clouds.real?.ask(request)])
  const fake = here.recorded
  const real = there?.recorded ?? recorded
  if (!real) throw new Error(`${generated.route} has neither a real cloud nor a recorded answer`)
  if (real.status === noResponse) return { real }
  const isShapeOnly = (request.as === 'admin' && request.method === 'GET') || discovery.test(request.path)
  const differences = [
    ...compare(real, fake, isShapeOnly ? { list: 'shape' } : {}),
    ...(isShapeOnly && isFilter.test(request.path) ? differentOwn(real, fake) : []),
  ]
  if (real.status < 400 || fake.status < 400) {
    const both = [clouds.real, clouds.fake].filter((one) => one !== undefined)
    await there?.undo()
    await here.undo()
    if (!isReading(request)) await Promise.all(both.map((one) => one.settle()))
    if (needsRenewal(request, differences.length > 0)) await Promise.all(both.map((one) => one.renew()))
  }
  if (differences.length === 0 || isUnknownRoute(real, fake)) return { real }
  return { real, finding: findingOf(generated, real, fake, differences) }
}

/** Lists of what every cloud has its own of. */
const discovery = /^\/(flavors|os-hypervisors|types|os-services|extensions|regions|services|endpoints)/

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

/** A path that the real service does not have either: 501 instead of 404 is how the fake says so everywhere. */
const isUnknownRoute = (real: Recorded, fake: Recorded): boolean =>
  fake.status === 501 &&
  real.status === 404 &&
  /resource could not be found|^null$|page not found/i.test(JSON.stringify(real.body))

/** Whether a request changes nothing. */
const isReading = ({ method }: Request): boolean => ['GET', 'HEAD', 'OPTIONS'].includes(method)

/** Objects that a request may have changed; the others belong to the cloud and are not made anew. */
const prepared = /\{(?!unknown|tiny_image|external|role|service|standard_type|user|project|name|password)\w+\}/

/** Whether the prepared objects may be gone, in a state in between, or no longer the same on both clouds. */
function needsRenewal(request: Request, isDifferent: boolean): boolean {
  if (isReading(request)) return false
  const touches = prepared.test(request.path) || prepared.test(JSON.stringify(request.body ?? ''))
  return touches && (isDifferent || request.method === 'DELETE' || request.path.endsWith('/action'))
}
