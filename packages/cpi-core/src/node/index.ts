// Here too, for a program that reads its configuration without loading the parts of the main entry that only drivers use.
export { CpiError } from '../errors/cpi-error.ts'
export { readLogLevel } from './log-level.ts'
export { processClock } from './process-clock.ts'
export { isProcessRunning, processIdentity } from './process-identity.ts'
export { readConfigFile, readTextFile } from './read-config-file.ts'
export { type CpiProgram, runCpi } from './run-cpi.ts'
export { createStderrLines, type StderrLines } from './stderr-lines.ts'
