import { readFileSync } from 'node:fs'

/**
 * A name for a process that no later process gets, for example `9x-2k3c1`: what a call marks with it can be told from
 * what calls that were killed have left. Only digits, lower-case letters and one `-`, at most 14 characters. Throws when
 * there is no such process, and where there is no `/proc` (Linux only).
 */
export const processIdentity = (pid: number = process.pid): string => {
  // A process id alone is used again after a while; together with the time of its start, in field 22, it is not.
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const startedAt = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
  return `${pid.toString(36)}-${Number(startedAt).toString(36)}`
}

/** True while the process with this name runs; false for a text that names none. */
export const isProcessRunning = (identity: string): boolean => {
  try {
    return processIdentity(Number.parseInt(identity, 36)) === identity
  } catch {
    return false // there is no such process
  }
}
