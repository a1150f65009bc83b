/**
 * A signal that nothing aborts. What undoes the work of a call takes this one: the call's own signal may be what started
 * the rollback, and would end it before it began.
 */
export const neverAborted = (): AbortSignal => new AbortController().signal
