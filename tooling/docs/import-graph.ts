import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** The parts of the picture, and where their files are. Tests are not part of it. */
const layers: readonly (readonly [name: string, folder: RegExp])[] = [
  ['cli', /^apps\/cli\/src\//],
  ['cpi-core', /^packages\/cpi-core\/src\//],
  ['methods', /^packages\/openstack-driver\/src\/methods\//],
  ['operations', /^packages\/openstack-driver\/src\/operations\//],
  ['planning', /^packages\/openstack-driver\/src\/planning\//],
  ['services', /^packages\/openstack-driver\/src\/services\//],
  ['http', /^packages\/openstack-driver\/src\/http\//],
  ['fake-openstack', /^apps\/fake-openstack\/src\//],
]

/** What the packages are called in imports. */
const packages: Readonly<Record<string, string>> = {
  '@openstack-cpi/cpi-core': 'cpi-core',
  '@openstack-cpi/openstack-driver': 'methods',
  'fake-openstack': 'fake-openstack',
}

const layerOf = (path: string): string | undefined => layers.find(([, folder]) => folder.test(path))?.[0]

/** An import of one layer by another. `isTypeOnly`: every import between them is erased when the program is built. */
export interface Arrow {
  readonly from: string
  readonly to: string
  readonly isTypeOnly: boolean
}

/** The arrows between layers in these sources, by path from the root. */
export function arrowsIn(sources: ReadonlyMap<string, string>): readonly Arrow[] {
  const found = new Map<string, Arrow>()
  for (const [file, source] of sources) {
    const from = layerOf(file)
    if (from === undefined) continue
    for (const [, keyword = '', path = ''] of source.matchAll(/^(import type|import|export)[^'"]*?from '([^']+)'/gm)) {
      const to = path.startsWith('.')
        ? layerOf(new URL(path, `file:///${file}`).pathname.slice(1))
        : layerOfPackage(path)
      if (to === undefined || to === from) continue
      const known = found.get(`${from} ${to}`)
      const isTypeOnly = keyword === 'import type' && (known?.isTypeOnly ?? true)
      found.set(`${from} ${to}`, { from, to, isTypeOnly })
    }
  }
  return [...found.values()].toSorted((a, b) => (`${a.from} ${a.to}` < `${b.from} ${b.to}` ? -1 : 1))
}

const layerOfPackage = (path: string): string | undefined =>
  Object.entries(packages).find(([name]) => path === name || path.startsWith(`${name}/`))?.[1]

/** The picture as a Mermaid graph; dotted arrows import types only. */
export function graphOf(arrows: readonly Arrow[]): string {
  const id = (name: string): string => name.replaceAll('-', '_')
  const driver = ['methods', 'operations', 'planning', 'services', 'http']
  return [
    '```mermaid',
    'graph TD',
    '  cli["apps/cli"]',
    '  cpi_core["cpi-core"]',
    '  fake_openstack["fake-openstack"]',
    '  subgraph openstack-driver',
    ...driver.map((name) => `    ${id(name)}["${name}/"]`),
    '  end',
    ...arrows.map(({ from, to, isTypeOnly }) => `  ${id(from)} ${isTypeOnly ? '-.->' : '-->'} ${id(to)}`),
    '```',
  ].join('\n')
}

const mark = /(<!-- import-graph:[^\n]*-->\n)[\s\S]*?(<!-- \/import-graph -->)/

/** `docs/architecture.md` with the picture of today's imports. */
export async function architecturePage(): Promise<string> {
  const { stdout } = await promisify(execFile)('git', ['ls-files', '--', 'apps/*.ts', 'packages/*.ts'], { cwd: root })
  const files = stdout.split('\n').filter((file) => file !== '' && !/\.test\.ts$|\/testing\//.test(file))
  const sources = new Map<string, string>()
  for (const file of files) sources.set(file, await readFile(`${root}/${file}`, 'utf8').catch(() => ''))
  const page = await readFile(`${root}/docs/architecture.md`, 'utf8')
  if (!mark.test(page)) throw new Error('docs/architecture.md has no place for the import graph')
  return page.replace(mark, (_, begin: string, end: string) => `${begin}${graphOf(arrowsIn(sources))}\n${end}`)
}
