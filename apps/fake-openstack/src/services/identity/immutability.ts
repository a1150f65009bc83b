import { forbidden } from '../../kernel/api-error.ts'
import type { Body } from './schemas.ts'

interface Lockable {
  readonly id: string
  readonly options?: Readonly<Record<string, unknown>>
}

const refusal = (verb: 'update' | 'delete', kind: string, id: string) =>
  forbidden(`Unable to ${verb} immutable ${kind} resource: \`${id}. Set resource option "immutable" to false first.`)

/** Refuses a change of what is immutable, unless it ends that and nothing else. */
export const checkMutable = (kind: string, record: Lockable, body: Body): void => {
  if (record.options?.['immutable'] !== true) return
  const options = body.record('options') ?? {}
  const ends = 'immutable' in options && (options['immutable'] === false || options['immutable'] === null)
  if (Object.keys(body.fields).length > 1 || !ends) throw refusal('update', kind, record.id)
}

/** Refuses the deletion of what is immutable. */
export const checkDeletable = (kind: string, record: Lockable): void => {
  if (record.options?.['immutable'] === true) throw refusal('delete', kind, record.id)
}
