import * as z from 'zod'
import type { CloudContext } from '../kernel/cloud-context.ts'
import { transitions } from '../kernel/lifecycle.ts'
import { isoMicros } from '../kernel/time-format.ts'

/** What `POST /_fake/transitions` takes. */
export const transitionsSchema = z.union(
  [
    z.strictObject({ release: z.union([z.literal(true), z.string().min(1)]) }),
    z.strictObject({ next: z.literal(true) }),
  ],
  { error: 'give {"release": true}, {"release": "<resource id>"} or {"next": true}' },
)

/** The pending transitions, the next one first; `at` is null while one is held. */
export const pendingTransitions = ({ lifecycle, store }: CloudContext) => {
  lifecycle.settle()
  return store
    .of(transitions)
    .all()
    .map(({ lifecycle: name, step, kind, resourceId, at }) => ({
      transition: `${name}.${step}`,
      kind,
      resourceId,
      at: at === null ? null : isoMicros(at),
    }))
}

/** Releases held transitions, of one resource or all, or advances a virtual clock to the next that is due. */
export const changeTransitions = (context: CloudContext, params: z.infer<typeof transitionsSchema>) => {
  if ('release' in params) {
    const released = context.lifecycle.release(params.release === true ? undefined : params.release)
    context.lifecycle.settle()
    return { released, pending: pendingTransitions(context) }
  }
  context.lifecycle.settle()
  const next = context.lifecycle.nextAt()
  const advancedMs = next === undefined ? 0 : Math.max(0, next - context.clock.now())
  if (next !== undefined) context.clock.advance(advancedMs)
  return { advancedMs, pending: pendingTransitions(context) }
}
