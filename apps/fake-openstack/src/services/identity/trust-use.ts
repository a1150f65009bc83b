import type { Call } from '../../kernel/call.ts'
import { type TrustRecord, trusts } from './records.ts'

/** A trust that can still be used, if there is one of this id. */
export const findTrust = (call: Call, trustId: string): TrustRecord | undefined => {
  const trust = call.store.of(trusts).get(trustId)
  const isOver = trust && ((trust.expires_at !== null && trust.expires_at < call.now) || trust.remaining_uses === 0)
  return isOver ? undefined : trust
}

/** Counts one use of a trust whose uses are limited. */
export const consumeUse = (call: Call, trust: TrustRecord): void => {
  if (trust.remaining_uses === null) return
  call.store.of(trusts).update(trust.id, { remaining_uses: trust.remaining_uses - 1 })
}
