/** A signal that nothing aborts: for what must come to its end although the call was told to. */
export const neverAborted = (): AbortSignal => new AbortController().signal
