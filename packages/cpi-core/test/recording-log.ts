import type { Logger } from '../src/log/logger.ts'

/** A logger that keeps its lines as `level: message`. */
export const recordingLog = (): Logger & { readonly lines: readonly string[] } => {
  const lines: string[] = []
  const write = (level: string) => (message: string | (() => string)) =>
    void lines.push(`${level}: ${typeof message === 'string' ? message : message()}`)
  return { lines, debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') }
}
