import { accepted } from '../../kernel/reply.ts'

/** Cinder's answer to most actions: 202, nothing in it, and yet a type. */
export const done = () => accepted(undefined, { 'content-type': 'application/json' })
