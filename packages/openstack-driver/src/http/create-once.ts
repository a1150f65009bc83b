import { type Logger, neverAborted } from '@openstack-cpi/cpi-core'
import type { Clock } from '../clock.ts'
import { isAmbiguous, isNotFound, type OpenStackError } from './openstack-error.ts'
import { Patience, type PatienceLimits } from './patience.ts'
import type { ServiceClient } from './service-client.ts'

/**
 * How to create an object with a unique name so that a lost answer leads neither to a twin nor to an orphan
 * (driver spec §3.5; design invariants 1 and 2).
 */
export interface CreateOnce<T> {
  /** For the log, for example `server vm-1234`. */
  readonly what: string
  /** Sends the POST with `repeat: 'lookup'`. */
  readonly create: () => Promise<T>
  /** All objects that bear the unique name. The client it gets goes on although the call was told to end. */
  readonly find: (client: ServiceClient) => Promise<readonly T[]>
  /** Removes an object that `find` found: a twin, or the rest of a creation that failed for good. */
  readonly discard: (client: ServiceClient, found: T) => Promise<void>
}

export interface CreateOnceOptions extends PatienceLimits {
  readonly clock: Clock
  readonly log: Logger
  readonly signal: AbortSignal
  /** Not aborted with the call. */
  readonly settling: ServiceClient
}

/** A service may still be at work on a request whose connection broke. */
const secondLookMs = 3_000

/** Half a minute, for a twin that cannot be removed while it is being made. */
const discardTries = 10

/**
 * Creates; when the outcome is unknown, looks for the object at once and again after 3 s, adopts it if there, else
 * creates again, when the service has asked for time not before that is over. The look-up is not cut short by an abort,
 * which would leave the question open.
 */
export async function createOnce<T>(creation: CreateOnce<T>, options: CreateOnceOptions): Promise<T> {
  const patience = new Patience(options)
  for (let isFirst = true; ; isFirst = false) {
    let doubt: OpenStackError
    try {
      const created = await creation.create()
      if (!isFirst) await discardTwins(creation, created, options)
      return created
    } catch (error) {
      if (!isAmbiguous(error)) {
        if (!isFirst) await discardAll(creation, options)
        throw error
      }
      doubt = error
    }
    options.log.warn(`${doubt.message}; looking for ${creation.what}`)
    const adopted = await lookTwice(creation, options)
    if (adopted !== undefined) return adopted
    await patience.beforeRepeating(creation.what, doubt, secondLookMs)
    options.log.info(`${creation.what} is not there, creating it again`)
  }
}

async function lookTwice<T>(creation: CreateOnce<T>, options: CreateOnceOptions): Promise<T | undefined> {
  const { clock, log, settling } = options
  for (const pauseMs of [0, secondLookMs]) {
    if (pauseMs > 0) await clock.sleep(pauseMs, neverAborted())
    const [found, ...twins] = await creation.find(settling)
    if (found === undefined) continue
    log.info(`${creation.what} was made after all`)
    for (const twin of twins) await discard(creation, twin, options)
    return found
  }
  return undefined
}

/** An earlier attempt may come to life after it was looked for. */
async function discardTwins<T>(creation: CreateOnce<T>, created: T, options: CreateOnceOptions): Promise<void> {
  for (const found of await creation.find(options.settling)) {
    if (idOf(found) === idOf(created)) continue
    options.log.warn(`${creation.what} was made twice, removing ${String(idOf(found))}`)
    await discard(creation, found, options)
  }
}

/** The last attempt was refused, but one of those before may have taken effect. */
async function discardAll<T>(creation: CreateOnce<T>, options: CreateOnceOptions): Promise<void> {
  for (const found of await creation.find(options.settling)) {
    options.log.warn(`${creation.what} was made by an attempt whose answer was lost, removing ${String(idOf(found))}`)
    await discard(creation, found, options)
  }
}

/** What is still being made often cannot be removed yet. A failure must hide neither the result nor the first error. */
async function discard<T>(
  creation: CreateOnce<T>,
  found: T,
  { clock, log, settling }: CreateOnceOptions,
): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await creation.discard(settling, found)
      return
    } catch (error) {
      if (isNotFound(error)) return
      if (tries >= discardTries) {
        const why = error instanceof Error ? error.message : String(error)
        log.error(`${creation.what}: ${String(idOf(found))} could not be removed and stays: ${why}`)
        return
      }
    }
    await clock.sleep(secondLookMs, neverAborted())
  }
}

const idOf = (object: unknown): unknown =>
  typeof object === 'object' && object !== null && 'id' in object ? object.id : object
