import type { Logger } from '@openstack-cpi/cpi-core'

/** A logger that keeps its lines as `level message`. */
export function recordingLog(): Logger & { readonly lines: readonly string[] } {
  const lines: string[] = []
  const at = (level: string) => (message: string) => void lines.push(`${level} ${message}`)
  return { lines, debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}
