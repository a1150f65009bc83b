/**
 * Writes the fake's `published-schemas.ts` of Nova and Cinder: `node write-schemas.ts <folder>`. The folder has one of each
 * release (`zed`, `2025.1`, `2026.2`), with the files that `publish.py` wrote there.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

interface PublishedSchema {
  part: 'body' | 'query'
  min: string | null
  max: string | null
  schema: unknown
}

interface Row {
  path: string
  method: string
  schemas: PublishedSchema[]
  actions: { name: string; schemas: PublishedSchema[] }[]
}

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
  readonly #numbers = new Map<string, number>()

  numberOf(schema: unknown): number {
    const text = JSON.stringify(this.#linked(schema))
    const known = this.#numbers.get(text)
    if (known !== undefined) return known
    this.#numbers.set(text, this.texts.length)
    this.texts.push(text)
    return this.texts.length - 1
  }

  #linked(schema: unknown): unknown {
    const entries = Object.entries(schema as Record<string, unknown>).filter(([keyword]) => !comments.has(keyword))
    return Object.fromEntries(
      entries.map(([keyword, value]) => {
        if (keyword === 'items') return [keyword, this.numberOf(value)]
        if (['allOf', 'anyOf', 'oneOf'].includes(keyword)) {
          return [keyword, (value as unknown[]).map((one) => this.numberOf(one))]
        }
        if (keyword !== 'properties' && keyword !== 'patternProperties') return [keyword, value]
        const named = Object.entries(value as Record<string, unknown>)
        return [keyword, Object.fromEntries(named.map(([name, one]) => [name, this.numberOf(one)]))]
      }),
    )
  }
}

/** Keywords that check nothing. */
const comments = new Set(['description', 'title'])

/** Routes as the fake writes them, each with its schemas; an action is a route of its own. */
function routesOf(rows: readonly Row[]): [string, PublishedSchema[]][] {
  return rows.flatMap(({ method, path, schemas, actions }): [string, PublishedSchema[]][] => {
    const plain = path
      .replace(/\.:\(format\)$/, '')
      .replace(/^\/\{project_id[^}]*\}/, '')
      .replace(/\/:?[({<](?:string:|path:)?(\w+)[^/]*?[)}>]|\/:\w+/g, '/:id')
    const route = `${method} ${plain}`
    return [
      [route, schemas],
      ...actions.map((one): [string, PublishedSchema[]] => [`${route} ${one.name}`, one.schemas]),
    ]
  })
}

for (const { project, service, name } of services) {
  const pool = new Pool()
  const routes = new Map<string, Map<string, string[]>>()
  for (const release of releases) {
    const rows = JSON.parse(await readFile(join(folder, release, `${project}.json`), 'utf8')) as Row[]
    for (const [route, schemas] of routesOf(rows)) {
      const byRow = routes.get(route) ?? new Map<string, string[]>()
      routes.set(route, byRow)
      for (const { part, min, max, schema } of schemas) {
        const row = JSON.stringify([part, min, max, pool.numberOf(schema)])
        const known = byRow.get(row) ?? []
        byRow.set(row, known)
        if (!known.includes(release)) known.push(release)
      }
    }
  }
  const lines = [...routes]
    .filter(([, byRow]) => byRow.size > 0)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([route, byRow]) => {
      const rows = [...byRow].map(([row, of]) => `["${of.join(' ')}",${row.slice(1)}`)
      return `${JSON.stringify(route)}:[${rows.join(',')}]`
    })
  const text = `{"schemas":[\n${pool.texts.join(',\n')}\n],"routes":{\n${lines.join(',\n')}\n}}`
  const file = fileURLToPath(
    new URL(`../../../apps/fake-openstack/src/services/${service}/published-schemas.ts`, import.meta.url),
  )
  await writeFile(
    file,
    `/** The schemas by which ${name} checks bodies and queries; written by \`tooling/parity/published/write-schemas.ts\`. */
export const publishedSchemas = String.raw\`${text.replaceAll('`', '\\u0060').replaceAll('${', '\\u0024{')}\`
`,
  )
  console.log(`${name}: ${routes.size} routes, ${pool.texts.length} schemas, ${text.length} characters`)
}
