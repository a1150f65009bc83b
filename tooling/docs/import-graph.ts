import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const root = fileURLToPath(new URL('../..', import.meta.url))

const driver = 'packages/openstack-driver/src/'

/** The parts of the picture, and where their files are. Tests are not part of it. */
const layers: readonly (readonly [name: string, folder: string])[] = [
  ['cli', 'apps/cli/src/'],
  ['cpi-core', 'packages/cpi-core/src/'],
  ...['methods', 'operations', 'planning', 'services', 'http'].map((name) => [name, `${driver}${name}/`] as const),
  ['fake-openstack', 'apps/fake-openstack/src/'],
]

const layerOf = (path: string): string | undefined => layers.find(([, folder]) => path.startsWith(folder))?.[0]

/** What dependency-cruiser says of one file. */
interface Module {
  readonly source: string
  readonly dependencies: readonly { readonly resolved: string; readonly dependencyTypes: readonly string[] }[]
}

/** The imports of one layer by another, as lines of a Mermaid graph; dotted where all of them import types only. */
function arrowsIn(modules: readonly Module[]): readonly string[] {
  const typeOnly = new Map<string, boolean>()
  for (const { source, dependencies } of modules) {
    const from = layerOf(source)
    for (const { resolved, dependencyTypes } of dependencies) {
      // Other packages use the driver through its entries, which hand on its methods.
      const isEntry = resolved.startsWith(driver) && !source.startsWith(driver)
      const to = isEntry ? 'methods' : layerOf(resolved)
      if (from === undefined || to === undefined || to === from) continue
      const arrow = `${from} ${to}`
      typeOnly.set(arrow, dependencyTypes.includes('type-only') && typeOnly.get(arrow) !== false)
    }
  }
  return [...typeOnly].toSorted().map(([arrow, isTypeOnly]) => {
    const [from, to] = arrow.replaceAll('-', '_').split(' ')
    return `  ${from} ${isTypeOnly ? '-.->' : '-->'} ${to}`
  })
}

const arrows = /(<!-- import-graph:[\s\S]*?\n {2}end\n)[\s\S]*?(```\n<!-- \/import-graph -->)/

/** `docs/architecture.md` with the arrows of today's imports. */
export async function architecturePage(): Promise<string> {
  const config = ['--config', 'tooling/repo/dependency-cruiser.json', '--output-type', 'json']
  const files = ['--include-only', '^(apps|packages)/[^/]+/src/', '--exclude', '[.]test[.]ts$|/testing/']
  const { stdout } = await promisify(execFile)(
    `${root}/node_modules/.bin/depcruise`,
    [...config, ...files, 'apps', 'packages'],
    { cwd: root, maxBuffer: 1 << 26 },
  )
  const { modules } = JSON.parse(stdout) as { modules: readonly Module[] } // dependency-cruiser's documented form
  const page = await readFile(`${root}/docs/architecture.md`, 'utf8')
  if (!arrows.test(page)) throw new Error('docs/architecture.md has no place for the import graph')
  return page.replace(arrows, (_, begin: string, end: string) => `${begin}${arrowsIn(modules).join('\n')}\n${end}`)
}
