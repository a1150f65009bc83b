import type { ServiceName } from '../config/openstack-config.ts'
import { OpenStackError } from './openstack-error.ts'

/**
 * Completes a catalog URL to the service's base, with a trailing slash (driver spec §2.4). Compute and block storage
 * are used as they are; image gets `v2`, network `v2.0`, load balancer `v2.0/lbaas` unless a version is there. Throws
 * kind `config` for what is no http URL.
 */
export function serviceBaseUrl(service: ServiceName, url: string): URL {
  const base = URL.canParse(url) ? new URL(url) : undefined
  if (base === undefined || !/^https?:$/.test(base.protocol)) {
    throw new OpenStackError('config', `The service catalog's URL of '${service}' is no http URL: '${url}'`, {
      service,
    })
  }
  base.search = ''
  base.hash = ''
  const path = base.pathname.replace(/\/+$/, '')
  base.pathname = `${path}${completion(service, path)}/`
  return base
}

function completion(service: ServiceName, path: string): string {
  const hasVersion = /\/v\d+(\.\d+)?$/.test(path)
  switch (service) {
    case 'image':
      return hasVersion ? '' : '/v2'
    case 'network':
      return hasVersion ? '' : '/v2.0'
    case 'load-balancer':
      if (path.endsWith('/lbaas')) return ''
      return hasVersion ? '/lbaas' : '/v2.0/lbaas'
    case 'identity':
    case 'compute':
    case 'block-storage':
      return ''
  }
}

/** Does the base name a version? Endpoints of compute and block storage without one need discovery. */
export const hasVersion = (base: URL): boolean => /\/v\d+(\.\d+)?\//.test(base.pathname)

/** The major version that the driver speaks, as the service's version document names it (`v2.1`, `v3.0`). */
const spoken: Readonly<Partial<Record<ServiceName, { readonly id: RegExp; readonly segment: string }>>> = {
  compute: { id: /^v2\.1$/, segment: 'v2.1' },
  'block-storage': { id: /^v3(\.\d+)?$/, segment: 'v3' },
}

/**
 * Completes a base without version by what the service's version document offers. Only the version is taken from there,
 * as links in it may name addresses that nobody outside the cloud reaches. Throws kind `config` when the service does not
 * offer the version that the driver speaks.
 * @param projectId Cinder before 2023.1 wants it in the path
 */
export function versionedUrl(service: ServiceName, base: URL, document: unknown, projectId: string | undefined): URL {
  const offered = versionIds(document)
  const wanted = spoken[service]
  if (wanted === undefined || !offered.some((id) => wanted.id.test(id))) {
    throw new OpenStackError(
      'config',
      `The endpoint ${base.href} of '${service}' names no version, and offers ${offered.join(', ') || 'none'}. ` +
        `Name the URL with its version (${wanted?.segment ?? 'unknown'}) in 'endpoint_overrides'`,
      { service },
    )
  }
  const project = service === 'block-storage' && projectId !== undefined ? `${projectId}/` : ''
  return new URL(`${wanted.segment}/${project}`, base)
}

function versionIds(document: unknown): string[] {
  const versions = typeof document === 'object' && document !== null && 'versions' in document ? document.versions : []
  // Keystone's form, `{"versions":{"values":[…]}}`, is not used by these services.
  return (Array.isArray(versions) ? versions : []).flatMap((one: unknown) =>
    typeof one === 'object' && one !== null && 'id' in one && typeof one.id === 'string' ? [one.id] : [],
  )
}

/**
 * The base cut after its last version segment, as a gateway may have one before it: where the service tells its
 * microversions.
 */
export function versionUrl(base: URL): URL {
  const root = new URL(base)
  root.pathname = root.pathname.replace(/^(.*\/v\d+(\.\d+)?)\/.*$/, '$1/')
  return root
}
