import type { DebugMessage, Logger } from '@openstack-cpi/cpi-core'

/** A logger that keeps its lines as `level message`. */
export function recordingLog(): Logger & { readonly lines: readonly string[] } {
  const lines: string[] = []
  const at = (level: string) => (message: string) => void lines.push(`${level} ${message}`)
  const debug = (message: DebugMessage) => at('debug')(typeof message === 'string' ? message : message())
  return { lines, debug, info: at('info'), warn: at('warn'), error: at('error') }
}
