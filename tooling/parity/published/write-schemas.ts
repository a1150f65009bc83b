/**
 * Writes the fake's `published-schemas.ts` of Nova and Cinder: `node write-schemas.ts <folder>`. The folder has one of each
 * release (`zed`, `2025.1`, `2026.2`), with the files that `publish.py` wrote there.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { PublishedRoute } from '../src/explore/published.ts'

const releases = ['zed', '2025.1', '2026.2']
const services = [
  { project: 'nova', service: 'compute', name: 'Nova' },
  { project: 'cinder', service: 'block-storage', name: 'Cinder' },
]
const [, , folder] = process.argv
if (folder === undefined) throw new Error('name the folder with the published files of the releases')

/** Schemas, each once; those that are part of others stand in front of them. */
class Pool {
  readonly texts: string[] = []

  numberOf(schema: unknown): number {
    const text = JSON.stringify(this.#linked(schema as Record<string, unknown>))
    const known = this.texts.indexOf(text)
    return known === -1 ? this.texts.push(text) - 1 : known
  }

  /** The schema with numbers in place of those that are part of it, and without keywords that check nothing. */
  #linked(schema: Readonly<Record<string, unknown>>): unknown {
    const { description: _description, title: _title, ...checked } = schema
    const linked = Object.entries(checked).map(([keyword, value]) => {
      if (keyword === 'items') return [keyword, this.numberOf(value)]
      if (Array.isArray(value) && /^(all|any|one)Of$/.test(keyword)) {
        return [keyword, value.map((one) => this.numberOf(one))]
      }
      if (keyword !== 'properties' && keyword !== 'patternProperties') return [keyword, value]
      const named = Object.entries(value as Record<string, unknown>)
      return [keyword, Object.fromEntries(named.map(([name, one]) => [name, this.numberOf(one)]))]
    })
    return Object.fromEntries(linked)
  }
}

/** A route as the fake writes it. */
const nameOf = ({ method, path, action }: PublishedRoute): string =>
  [method, path.replace(/\/:\w+/g, '/:id'), ...(action === undefined ? [] : [action])].join(' ')

for (const { project, service, name } of services) {
  const pool = new Pool()
  const rows: { readonly route: string; readonly release: string; readonly row: string }[] = []
  for (const release of releases) {
    for (const route of JSON.parse(
      await readFile(join(folder, release, `${project}.json`), 'utf8'),
    ) as PublishedRoute[]) {
      for (const { part, min, max, schema } of route.schemas) {
        rows.push({ route: nameOf(route), release, row: JSON.stringify([part, min, max, pool.numberOf(schema)]) })
      }
    }
  }
  const routes = [...Map.groupBy(rows, (one) => one.route)].sort(([a], [b]) => (a < b ? -1 : 1))
  const lines = routes.map(([route, own]) => {
    const schemas = [...Map.groupBy(own, (one) => one.row)].map(([row, of]) => {
      const having = new Set(of.map(({ release }) => release))
      return `["${[...having].join(' ')}",${row.slice(1)}`
    })
    return `${JSON.stringify(route)}:[${schemas.join(',')}]`
  })
  const text = `{"schemas":[\n${pool.texts.join(',\n')}\n],"routes":{\n${lines.join(',\n')}\n}}`
  const file = `../../../apps/fake-openstack/src/services/${service}/published-schemas.ts`
  await writeFile(
    fileURLToPath(new URL(file, import.meta.url)),
    `/** The schemas by which ${name} checks bodies and queries; written by \`tooling/parity/published/write-schemas.ts\`. */
export const publishedSchemas = String.raw\`${text.replaceAll('`', '\\u0060').replaceAll('${', '\\u0024{')}\`
`,
  )
  console.log(`${name}: ${routes.length} routes, ${pool.texts.length} schemas, ${text.length} characters`)
}
