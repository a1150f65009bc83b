import { describe, expect, test } from 'vitest'
import { nextPage, type Page, pageItems } from './pagination.ts'

const page = (changes: Partial<Page> & { readonly body: unknown }): Page => ({
  url: new URL('https://cloud/compute/v2.1/servers/detail?name=a'),
  key: 'servers',
  style: 'links',
  itemsSeen: 1,
  ...changes,
})
const item = { id: 'x' }
const linked = (href: string) => ({
  servers: [item],
  servers_links: [
    { rel: 'previous', href: 'p' },
    { rel: 'next', href },
  ],
})

describe('§3.4 the next page', () => {
  test.each<[string, Page, string | undefined]>([
    [
      'by link',
      page({ body: linked('https://cloud/compute/v2.1/servers/detail?name=a&marker=x') }),
      '?name=a&marker=x',
    ],
    [
      'link without the path in front of a proxy',
      page({ body: linked('https://cloud/v2.1/servers/detail?marker=x') }),
      '?name=a&marker=x',
    ],
    [
      'link with the protocol behind a proxy',
      page({ body: linked('http://cloud:8774/v2.1/servers?marker=x') }),
      '?name=a&marker=x',
    ],
    ['no link', page({ body: { servers: [item] } }), undefined],
    ['empty links', page({ body: { servers: [item], servers_links: [] } }), undefined],
    ['Glance', page({ style: 'next', body: { servers: [item], next: '/v2/images?marker=x' } }), '?name=a&marker=x'],
    ['Glance, last', page({ style: 'next', body: { servers: [item], first: '/v2/images' } }), undefined],
    [
      'the marker moves on',
      page({ url: new URL('https://cloud/ports?marker=w&name=a'), body: linked('http://cloud/ports?marker=x') }),
      '?name=a&marker=x',
    ],
    ['by offset', page({ style: 'offset', body: { servers: [item] }, itemsSeen: 7 }), '?name=a&offset=7'],
    ['by offset, last', page({ style: 'offset', body: { servers: [] }, itemsSeen: 7 }), undefined],
    [
      'a full page without links, when a size was asked for',
      page({ url: new URL('https://cloud/ports?limit=1'), body: { servers: [item] } }),
      '?limit=1&marker=x',
    ],
    [
      'a page that is not full',
      page({ url: new URL('https://cloud/ports?limit=2'), body: { servers: [item] } }),
      undefined,
    ],
  ])('%s', (_, current, search) => {
    const next = nextPage(current)
    expect(next?.search).toBe(search)
    if (next !== undefined) expect(next.origin + next.pathname).toBe(current.url.origin + current.url.pathname)
  })

  test.each(['https://internal.example:8774/v2.1/servers?marker=x', 'http://10.0.0.1/?marker=x'])(
    'a link that names another host, %s, is followed at the known address',
    (href) => {
      expect(nextPage(page({ body: linked(href) }))?.href).toBe(
        'https://cloud/compute/v2.1/servers/detail?name=a&marker=x',
      )
    },
  )

  test('a link that is no URL is an error', () => {
    expect(() => nextPage(page({ body: linked('http://[') }))).toThrow(/is no URL/)
  })

  test('an answer without the list is told, not taken for empty', () => {
    expect(() => pageItems(page({ body: { machines: [] } }))).toThrow(/no list 'servers'/)
  })
})
