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

/** The base cut after its version segment: where the service tells its microversions. */
export function versionUrl(base: URL): URL {
  const root = new URL(base)
  root.pathname = root.pathname.replace(/(\/v\d+(\.\d+)?)\/.*$/, '$1/')
  return root
}
