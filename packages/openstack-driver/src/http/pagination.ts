import { isJsonObject } from '@openstack-cpi/cpi-core'
import { OpenStackError } from './openstack-error.ts'

/**
 * How a list points at its next page (driver spec §3.4): `links` is `<key>_links[]` with `rel: next` (Nova, Neutron,
 * Cinder, Octavia), `next` is Glance's top-level path, `offset` is a list without either, where the next page starts at
 * the number of items seen.
 */
export type PageStyle = 'links' | 'next' | 'offset'

/** One page of a list, as it came. */
export interface Page {
  readonly url: URL
  readonly body: unknown
  readonly key: string
  /** Key of the links, where it is not `<key>_links`. */
  readonly linksKey?: string | undefined
  readonly style: PageStyle
  /** Items of all pages up to this one. */
  readonly itemsSeen: number
}

/** The list inside a page. Throws kind `decode` when there is none. */
export function pageItems<T>(page: Page): readonly T[] {
  const items = isJsonObject(page.body) ? page.body[page.key] : undefined
  // The service's word for it; each module names the wire type it reads.
  if (Array.isArray(items)) return items as readonly T[]
  throw new OpenStackError('decode', `GET ${page.url.href}: the answer has no list '${page.key}'`, {
    url: page.url.href,
  })
}

/**
 * The URL of the next page, or undefined after the last. Always on the address of the current page, its query completed
 * by that of the service's link: behind a proxy the link's host and path may lead nowhere, some links lack the filters,
 * and a token goes to no other host. Throws kind `decode` when the link is no URL.
 */
export function nextPage(page: Page): URL | undefined {
  const items = pageItems<unknown>(page)
  if (page.style === 'offset') return nextByOffset(page, items.length)
  const link = page.style === 'next' ? glanceNext(page.body) : linkedNext(page)
  if (link !== undefined) return followed(page, link)
  return nextByMarker(page, items)
}

function followed({ url }: Page, link: string): URL {
  if (!URL.canParse(link, url.href)) {
    throw new OpenStackError('decode', `GET ${url.href}: the link to the next page is no URL: '${link}'`, {
      url: url.href,
    })
  }
  const target = new URL(link, url)
  const next = new URL(url)
  for (const name of new Set(target.searchParams.keys())) {
    next.searchParams.delete(name)
    for (const value of target.searchParams.getAll(name)) next.searchParams.append(name, value)
  }
  return next
}

const glanceNext = (body: unknown): string | undefined => {
  const next = isJsonObject(body) ? body['next'] : undefined
  return typeof next === 'string' && next !== '' ? next : undefined
}

function linkedNext({ body, key, linksKey = `${key}_links` }: Page): string | undefined {
  const links = isJsonObject(body) ? body[linksKey] : undefined
  if (!Array.isArray(links)) return undefined
  const next = links.find((link: unknown) => isJsonObject(link) && link['rel'] === 'next')
  return isJsonObject(next) && typeof next['href'] === 'string' ? next['href'] : undefined
}

/** A service without links (Neutron without its pagination extension), asked for pages of a size, sent a full one. */
function nextByMarker({ url }: Page, items: readonly unknown[]): URL | undefined {
  const limit = Number(url.searchParams.get('limit') ?? Number.NaN)
  const last = items.at(-1)
  if (items.length !== limit || !isJsonObject(last) || typeof last['id'] !== 'string') return undefined
  const next = new URL(url)
  next.searchParams.set('marker', last['id'])
  return next
}

/** Without a limit asked for, a full page cannot be told from the last: the list ends with an empty page. */
function nextByOffset({ url, itemsSeen }: Page, length: number): URL | undefined {
  if (length === 0) return undefined
  const next = new URL(url)
  next.searchParams.set('offset', String(itemsSeen))
  return next
}
