import { Agent } from 'node:http'
import ipaddr from 'ipaddr.js'
import { OpenStackError } from './openstack-error.ts'

/** Which proxy a request takes. */
export interface Proxies {
  /** URL of the proxy for requests to `url`; undefined for a direct connection. */
  for(url: URL): string | undefined
}

/**
 * Reads `connection_options.proxy`, which wins, and `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` in both spellings; a proxy
 * without scheme is an http one. Throws kind `config` for a proxy that the driver cannot use: a request must not go
 * around it.
 */
export function readProxies(
  configured: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): Proxies {
  const of = (name: string): string | undefined => environment[name] ?? environment[name.toUpperCase()]
  const httpProxy = proxyUrl('http_proxy', configured ?? of('http_proxy'))
  const httpsProxy = proxyUrl('https_proxy', configured ?? of('https_proxy'))
  const isExcluded = readNoProxy(of('no_proxy') ?? '')
  return {
    for: (url) => {
      const proxy = url.protocol === 'https:' ? httpsProxy : httpProxy
      return proxy === undefined || isExcluded(url) ? undefined : proxy
    },
  }
}

function proxyUrl(name: string, value: string | undefined): string | undefined {
  if (value === undefined || value === '') return undefined
  const text = /^[a-z][a-z\d+.-]*:\/\//i.test(value) ? value : `http://${value}`
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url !== undefined && /^https?:$/.test(url.protocol) && url.hostname !== '') return text
  const shown = url === undefined ? 'a value that is no URL' : `a ${url.protocol}// proxy`
  throw new OpenStackError(
    'config',
    `Cannot use the proxy of connection_options.proxy or ${name.toUpperCase()}: it is ${shown}, and only http:// and ` +
      'https:// proxies are supported. No request was sent',
  )
}

/** Throws kind `config` on a Node that would go around the proxy: built-in proxies came with 22.21 and 24.5. */
export function requireProxySupport(): void {
  let isRead = false
  const probe = {
    get http_proxy() {
      isRead = true
      return ''
    },
  }
  new Agent({ proxyEnv: probe }).destroy()
  if (isRead) return
  throw new OpenStackError(
    'config',
    'A proxy is configured, but this version of Node.js cannot use one. Use Node.js 22.21, 24.5 or later. No request was sent',
  )
}

type Rule = (host: string, port: string) => boolean

/**
 * `NO_PROXY` as Go's programs read it: `*`, hosts with their subdomains, `.domain` for subdomains only, addresses and
 * CIDR ranges, each but the ranges with an optional port.
 */
function readNoProxy(list: string): (url: URL) => boolean {
  const rules = list
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .map((entry) => readRule(entry.toLowerCase()))
  return (url) => {
    const host = url.hostname
      .toLowerCase()
      .replace(/^\[|\]$/g, '')
      .replace(/\.$/, '')
    const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port
    return rules.some((rule) => rule(host, port))
  }
}

function readRule(entry: string): Rule {
  if (entry === '*') return () => true
  if (ipaddr.isValidCIDR(entry)) {
    const range = ipaddr.parseCIDR(entry)
    return (host) => {
      if (!ipaddr.isValid(host)) return false
      const address = ipaddr.process(host)
      return address.kind() === range[0].kind() && address.match(range)
    }
  }
  const { name, port } = nameAndPort(entry)
  const isPort: (given: string) => boolean = (given) => port === undefined || port === given
  if (ipaddr.isValid(name)) {
    const wanted = ipaddr.process(name).toNormalizedString()
    return (host, given) =>
      ipaddr.isValid(host) && ipaddr.process(host).toNormalizedString() === wanted && isPort(given)
  }
  const suffix = name.replace(/^\*?\./, '.')
  if (suffix.startsWith('.')) return (host, given) => host.endsWith(suffix) && isPort(given)
  return (host, given) => (host === name || host.endsWith(`.${name}`)) && isPort(given)
}

function nameAndPort(entry: string): { readonly name: string; readonly port: string | undefined } {
  const bracketed = /^\[(.*)\](?::(\d+))?$/.exec(entry)
  if (bracketed !== null) return { name: bracketed[1] ?? '', port: bracketed[2] }
  const plain = /^([^:]*):(\d+)$/.exec(entry)
  return plain === null ? { name: entry, port: undefined } : { name: plain[1] ?? '', port: plain[2] }
}
