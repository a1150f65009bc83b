import { globSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './run-command.ts'

/**
 * The service folders of the driver, whose files the fake answers under the same names. A driver file without partner
 * means that the fake cannot be asked what the driver asks.
 */
export async function filesWithoutPartner(): Promise<string | undefined> {
  const sources = (folder: string) => globSync('**/*.ts', { cwd: join(root, folder), exclude: ['**/*.test.ts'] })
  const driver = sources('packages/openstack-driver/src/services')
  const missing = unmatched(driver, sources('apps/fake-openstack/src/services'))
  return missing.length === 0 ? undefined : `in the driver, but not in the fake:\n${missing.join('\n')}`
}

/** Files of the driver that have no partner of the same path in the fake; paths are relative to the service folders. */
export const unmatched = (driver: readonly string[], fake: readonly string[]): readonly string[] =>
  driver.filter((file) => !isBinding(file) && !fake.includes(file))

/** `services.ts` and `network/network.ts` tie modules together; in the fake a folder's `service.ts` does. */
function isBinding(file: string): boolean {
  const [folder, name] = file.split('/')
  return file === 'services.ts' || name === `${folder}.ts`
}
