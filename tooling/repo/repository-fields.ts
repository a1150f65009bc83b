/**
 * A package's manifest with the fields that npm shows and provenance needs.
 * @param address of the repository, for example `https://github.com/owner/name`
 * @param folder of the package in it
 */
export const withRepository = (
  manifest: Readonly<Record<string, unknown>>,
  address: string,
  folder: string,
): Readonly<Record<string, unknown>> => ({
  ...manifest,
  repository: { type: 'git', url: `git+${address}.git`, directory: folder },
  homepage: `${address}/tree/main/${folder}#readme`,
  bugs: `${address}/issues`,
})
