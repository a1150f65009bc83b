import { type TokenRecord, tokens } from './auth.ts'
import type { CloudContext } from './cloud-context.ts'
import type { Reply } from './dialect.ts'
import { toMs } from './duration.ts'
import type { FaultEffect } from './fault-rule.ts'
import type { InstalledRule } from './faults.ts'
import type { Answer } from './reply.ts'

/** What becomes of a request: an answer, one that breaks off or comes slowly, or a connection without any. */
export type Outcome =
  | { kind: 'answer'; answer: Answer }
  | { kind: 'truncated'; answer: Answer; bytes: number }
  | { kind: 'slow'; answer: Answer; bytes: number; everyMs: number }
  | { kind: NoResponse }

/** The connection is cut, is never made, or stays silent. */
export type NoResponse = 'reset' | 'refused' | 'silent'

/** What letting time pass needs. */
interface Passing {
  context: CloudContext
  /** Waits in real time, for delays while the clock is real. */
  sleep: (ms: number) => Promise<void>
}

/** The answer that a rule gives in place of the service, if one does; delays happen on the way. */
export const faultReply = async (
  parts: Passing,
  hits: readonly InstalledRule[],
  when: 'before' | 'after',
): Promise<Reply | NoResponse | undefined> => {
  for (const { rule } of hits) {
    if (rule.when !== when) continue
    const action: FaultEffect = rule.do
    if ('delay' in action) {
      await pass(parts, toMs(action.delay))
      parts.context.lifecycle.settle()
    }
    if ('reset' in action) return 'reset'
    if ('refuse' in action) return 'refused'
    if ('hang' in action) return 'silent'
    if ('respond' in action) {
      return {
        status: action.respond.status,
        headers: withType(action.respond.headers, action.respond.body),
        body: action.respond.body,
      }
    }
  }
  return undefined
}

/** Lets time pass: a virtual clock is moved, a real one waited for. */
export const pass = async ({ context, sleep }: Passing, ms: number): Promise<void> => {
  if (context.clock.mode === 'virtual') context.clock.advance(ms)
  else await sleep(ms)
}

const withType = (headers: Record<string, string>, body: unknown): Record<string, string> => {
  const lower = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
  const isHtml = typeof body === 'string' && body.trimStart().startsWith('<')
  return { 'content-type': isHtml ? 'text/html; charset=UTF-8' : 'application/json', ...lower }
}

/** Whether there is a connection without an answer. */
export const hasNoResponse = (reply: Reply | NoResponse): reply is NoResponse => typeof reply === 'string'

/** How the answer gets to the client. */
export const delivered = (answer: Answer, hits: readonly InstalledRule[]): Outcome => {
  for (const { rule } of hits) {
    const effect: FaultEffect = rule.do
    if ('truncate' in effect) return { kind: 'truncated', answer, bytes: effect.truncate }
    if ('trickle' in effect) {
      const { bytes, every } = effect.trickle
      return { kind: 'slow', answer, bytes, everyMs: toMs(every) }
    }
  }
  return { kind: 'answer', answer }
}

/** Ends the token if a rule wants that now; answers the ids of those rules. */
export const expireToken = (
  context: CloudContext,
  token: TokenRecord | undefined,
  hits: readonly InstalledRule[],
  when: 'before' | 'after',
): string[] => {
  const ids = hits.filter(({ rule }) => rule.when === when && 'expireToken' in rule.do).map(({ id }) => id)
  if (!token || ids.length === 0 || !context.store.of(tokens).has(token.id)) return []
  context.store.of(tokens).update(token.id, { isRevoked: true })
  return ids
}
