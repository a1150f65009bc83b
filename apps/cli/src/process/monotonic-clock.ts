/** Milliseconds on a clock that never jumps. Not `performance.now`, with which Node loads a module. */
export const monotonicMs = (): number => Number(process.hrtime.bigint()) / 1e6
