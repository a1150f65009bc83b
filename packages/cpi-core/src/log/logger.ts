/** Writes one line per event (contract §12). What it is given may hold secrets: the implementation redacts. */
export interface Logger {
  debug(message: string): void
  info(message: string): void
  warn(message: string): void
  error(message: string): void
}
