import type { Call } from '../../kernel/call.ts'

/** Address of the versioned API as the client reached it, with the project if the client's URL has it. */
export const apiUrl = (call: Call): string => {
  const project = call.params['project_id']
  return `${call.serviceUrl}/${call.isOfFormerApi ? 'v2' : 'v2.1'}${project === undefined ? '' : `/${project}`}`
}

/** Nova's bookmark: the address without a version. */
export const bookmark = (call: Call, collection: string, id: string) => {
  const project = call.params['project_id']
  return {
    rel: 'bookmark',
    href: `${call.serviceUrl}${project === undefined ? '' : `/${project}`}/${collection}/${id}`,
  }
}

/** `self` and `bookmark` of a resource. */
export const linksOf = (call: Call, collection: string, id: string) => [
  { rel: 'self', href: `${apiUrl(call)}/${collection}/${id}` },
  bookmark(call, collection, id),
]

/** `[{rel: 'next', href}]`: Nova sorts the parameters and keeps one value of each. */
export const nextLinks = (call: Call, collection: string, marker: string) => {
  const query = new URLSearchParams()
  for (const name of call.query.names.sort()) query.set(name, call.query.valuesOf(name).at(-1) ?? '')
  query.set('marker', marker)
  return [{ rel: 'next', href: `${apiUrl(call)}/${collection}?${query}` }]
}
