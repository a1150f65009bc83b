import { createRequire } from 'node:module'

/** The package's version, read through its own export, which is the same in the sources and in the build. */
export const packageVersion = (): string => {
  const manifest = createRequire(import.meta.url)('fake-openstack/package.json') as { version: string } // our own file
  return manifest.version
}
