import { messageOf, neverAborted } from '@openstack-cpi/cpi-core'
import type { DriverContext } from '../driver-context.ts'
import { detailsOf, isAmbiguous, isNotFound, OpenStackError } from '../http/openstack-error.ts'
import { interrupted, RetryBudget } from '../http/retry-budget.ts'
import type { Rollback } from '../rollback.ts'

/** A service may still be processing a request whose connection broke. */
const secondLookMs = 3_000

/** Half a minute, for a duplicate that cannot be removed while it is being created. */
const removalTries = 10

/** Creates one object that can be recognised afterwards without its id (driver spec §3.5). */
export interface RecognisableCreate<Made extends { readonly id: string }> {
  /** For log and messages; has to name the object: `server vm-1234`. */
  readonly what: string
  /** Names it by its id, for the log and messages of the undo: `server 1234`. */
  readonly label: (made: Made) => string
  /** Sends the POST with `repeat: 'lookup'`. */
  readonly create: (ctx: DriverContext) => Promise<Made>
  /** All objects that this request may have created. Has to compare name or tag itself: a cloud may ignore filters. */
  readonly find: (ctx: DriverContext) => Promise<readonly Made[]>
  /** Removes one of them; the undo of the creation. A missing object is a success. */
  readonly remove: (ctx: DriverContext, made: Made) => Promise<void>
}

/**
 * Creates an object without duplicates or leaks when no response is received (design invariants 0 to 2). The undo is
 * registered by name before the request is sent, and by id once the id is known. When the result is unknown, the object
 * is looked up immediately and again after 3 s, and adopted if it exists; otherwise the request is sent again, as often
 * as `RetryBudget` allows (`request_retries`, `http/retry-budget.ts`). A failed look-up ends the creation with an error
 * that names what may exist, and leaves the rest to the undo. The look-ups continue when the call is interrupted, as the
 * rollback does.
 */
export async function createRecognisable<Made extends { readonly id: string }>(
  ctx: DriverContext,
  rollback: Rollback,
  creation: RecognisableCreate<Made>,
): Promise<Made> {
  const withdraw = rollback.add(creation.what, (cleanup) => removeAll(cleanup, creation))
  const settled = (made: Made): Made => {
    withdraw()
    rollback.add(creation.label(made), (cleanup) => creation.remove(cleanup, made))
    return made
  }
  const budget = new RetryBudget(ctx)
  for (let isFirst = true; ; isFirst = false) {
    let ambiguous: OpenStackError
    try {
      const made = await creation.create(ctx)
      if (!isFirst) await removeDuplicates(ctx.forCleanup(), creation, made.id)
      return settled(made)
    } catch (error) {
      if (!isAmbiguous(error)) {
        if (isFirst && hadNoEffect(error)) withdraw()
        // An earlier attempt may have succeeded after the look-up: its object may be the reason of this refusal.
        const [found] = isFirst ? [] : await creation.find(ctx.forCleanup()).catch(() => [])
        if (found === undefined) throw error
        return settled(found)
      }
      ambiguous = error
    }
    ctx.log.warn(`${ambiguous.message}; looking for ${creation.what}`)
    const found = await lookUp(ctx, creation, ambiguous)
    if (found !== undefined) return settled(found)
    await budget.waitBeforeRetry(`creating ${creation.what}`, ambiguous, secondLookMs)
    ctx.log.info(`${creation.what} does not exist, creating it again`)
  }
}

/**
 * Whether the error proves that nothing was created: an answer of the service, or a request that was never sent, also
 * because the call was interrupted before (a request that is broken off is ambiguous). With nothing to undo an interrupted
 * call does not wait for a login that does not come.
 */
const hadNoEffect = (error: unknown): boolean => error instanceof OpenStackError

/** The object, adopted; its duplicates are removed. Undefined when it does not exist, also not a moment later. */
async function lookUp<Made extends { readonly id: string }>(
  ctx: DriverContext,
  creation: RecognisableCreate<Made>,
  ambiguous: OpenStackError,
): Promise<Made | undefined> {
  const cleanup = ctx.forCleanup()
  for (const pauseMs of [0, secondLookMs]) {
    if (pauseMs > 0) await ctx.clock.sleep(pauseMs, neverAborted())
    const [found, ...duplicates] = await withoutFailure(creation.what, ambiguous, () => creation.find(cleanup))
    if (found === undefined) continue
    ctx.log.info(`${creation.what} was created: ${found.id}`)
    for (const duplicate of duplicates) await removeDuplicate(cleanup, creation, duplicate)
    return found
  }
  return undefined
}

/** An earlier attempt may succeed after the look-up. */
async function removeDuplicates<Made extends { readonly id: string }>(
  cleanup: DriverContext,
  creation: RecognisableCreate<Made>,
  keptId: string,
): Promise<void> {
  let found: readonly Made[]
  try {
    found = await creation.find(cleanup)
  } catch (error) {
    cleanup.log.error(`${creation.what}: looking for duplicates failed, one may exist: ${String(error)}`)
    return
  }
  for (const duplicate of found) {
    if (duplicate.id === keptId) continue
    cleanup.log.warn(`${creation.what} was created twice, removing ${duplicate.id}`)
    await removeDuplicate(cleanup, creation, duplicate)
  }
}

/** A failure must hide neither the result nor the first error. */
async function removeDuplicate<Made extends { readonly id: string }>(
  cleanup: DriverContext,
  creation: RecognisableCreate<Made>,
  duplicate: Made,
): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await creation.remove(cleanup, duplicate)
      return
    } catch (error) {
      if (isNotFound(error)) return
      if (tries >= removalTries) {
        cleanup.log.error(`${creation.what}: duplicate ${duplicate.id} could not be removed: ${messageOf(error)}`)
        return
      }
    }
    await cleanup.clock.sleep(secondLookMs, neverAborted())
  }
}

async function removeAll<Made extends { readonly id: string }>(
  cleanup: DriverContext,
  creation: RecognisableCreate<Made>,
): Promise<void> {
  for (const found of await creation.find(cleanup)) {
    cleanup.log.warn(`${creation.what} was created by a request without response, removing ${found.id}`)
    await creation.remove(cleanup, found)
  }
}

async function withoutFailure<R>(what: string, ambiguous: OpenStackError, lookUp: () => Promise<R>): Promise<R> {
  try {
    return await lookUp()
  } catch (error) {
    throw new OpenStackError('ambiguous', `${ambiguous.message}; looking for ${what} failed: ${messageOf(error)}`, {
      ...detailsOf(ambiguous),
      cause: error,
    })
  }
}

/**
 * Sends a request that is not idempotent and creates nothing that could be looked up by name. When its result is
 * unknown, the effect is checked immediately and again after 3 s, and the request is sent again only if there is none
 * (driver spec §3.5). When the call is interrupted, nothing is checked: the undo, or the repeated call, finds out.
 * @param what for messages, for example `extending volume 1234`
 */
export async function sendNonIdempotent(
  ctx: DriverContext,
  what: string,
  send: () => Promise<unknown>,
  tookEffect: () => Promise<boolean>,
): Promise<void> {
  const budget = new RetryBudget(ctx)
  for (;;) {
    try {
      await send()
      return
    } catch (error) {
      if (!isAmbiguous(error)) throw error
      try {
        for (const pauseMs of [0, secondLookMs]) {
          if (pauseMs > 0) await ctx.clock.sleep(pauseMs, ctx.signal)
          if (await withoutFailure(`the effect of ${what}`, error, tookEffect)) return
        }
      } catch (failure) {
        throw ctx.signal.aborted ? interrupted(what, error) : failure
      }
      await budget.waitBeforeRetry(what, error, secondLookMs)
    }
  }
}
