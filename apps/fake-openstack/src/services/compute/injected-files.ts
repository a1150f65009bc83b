import { forbidden } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'

/** A file of `personality` as a body has it; its contents are base64. */
interface InjectedFile {
  readonly path?: string | undefined
  readonly contents?: string | undefined
}

/** Throws the 403 of too many files, or of a path or contents that are too long: as sent, in base64. */
export const checkInjectedFiles = (call: Call, files: readonly InjectedFile[]): void => {
  if (files.length === 0) return
  const exceeds = (quota: string, size: number): number | undefined => {
    const limit = call.context.quotas.limit('compute', call.projectId, quota)
    return limit >= 0 && size > limit ? limit : undefined
  }
  const longest = (of: (file: InjectedFile) => string | undefined): number =>
    Math.max(...files.map((file) => of(file)?.length ?? 0))
  if (exceeds('injected_files', files.length) !== undefined) throw forbidden('Personality file limit exceeded')
  const path = exceeds(
    'injected_file_path_bytes',
    longest((file) => file.path),
  )
  if (path !== undefined) throw forbidden(`Personality file path exceeds maximum ${path}`)
  const contents = exceeds(
    'injected_file_content_bytes',
    longest((file) => file.contents),
  )
  if (contents !== undefined) throw forbidden(`Personality file content exceeds maximum ${contents}`)
}
