import type { JsonObject } from '@openstack-cpi/cpi-core'
import { basicPlane } from './basic-plane.ts'

const maxNameCharacters = 255

/** The unique name of a new server; it is how a server is found whose creation was not answered (driver spec §4). */
export function newServerName(uuid: string): string {
  return `vm-${uuid}`
}

/** The name of a server's port, so that leftovers can be found (driver spec §4). */
export function portName(serverName: string, networkName: string): string {
  return basicPlane(`${serverName}-${networkName}`).slice(0, maxNameCharacters)
}

const ownPortName = /^vm-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}-/u

/** The name of the server that `portName` made a port's name of. */
export function serverNameOfPort(name: string): string {
  return name.slice(0, 'vm-'.length + 36)
}

/** Whether a port's name is one that `portName` makes. */
export function isOwnPortName(name: string): boolean {
  return ownPortName.test(name)
}

/**
 * What a human calls the VM: `name`, else `job/index`, else `compiling/<package>` (driver spec §7.8). Undefined when
 * the metadata does not say. Nova refuses control characters and blanks at the ends.
 */
export function readableServerName(metadata: JsonObject): string | undefined {
  const part = (key: string) => {
    const value = metadata[key]
    return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
  }
  const jobAndIndex = part('job') !== '' && part('index') !== '' ? `${part('job')}/${part('index')}` : ''
  const compiling = part('compiling') === '' ? '' : `compiling/${part('compiling')}`
  return [part('name'), jobAndIndex, compiling].map(tidy).find((candidate) => candidate !== '')
}

function tidy(name: string): string {
  return name
    .replace(/[\p{C}\u{10000}-\u{10ffff}]/gu, '_')
    .slice(0, maxNameCharacters)
    .trim()
}
