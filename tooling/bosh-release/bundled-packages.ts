import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

/** The bundles that make up the CPI, by their folders in `dist`: the start, what answers calls, the commands for people. */
export const bundles = ['start', 'rpc', 'commands'] as const

/** A published package whose code is inside the bundle. */
export interface BundledPackage {
  readonly name: string
  readonly version: string
  /** SPDX expression, as the package declares it. */
  readonly license: string
  readonly licenseText: string
}

/**
 * The third-party packages in the CPI's bundles, by what the bundler itself recorded. Throws when one of them declares
 * no licence: it could not be shipped.
 */
export function bundledPackages(cliFolder: string): readonly BundledPackage[] {
  const folders = bundles.flatMap((bundle) => {
    // The keys of esbuild's `inputs` are paths relative to the bundle's package.
    const metafile: { readonly inputs: object } = readJson(join(cliFolder, 'dist', bundle, 'metafile-esm.json'))
    return Object.keys(metafile.inputs).flatMap(
      (input) => /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(resolve(cliFolder, input))?.[1] ?? [],
    )
  })
  const packages = [...new Set(folders)].map(readPackage)
  return packages.sort((a, b) => (`${a.name}@${a.version}` < `${b.name}@${b.version}` ? -1 : 1))
}

const readJson = (file: string) => JSON.parse(readFileSync(file, 'utf8'))

function readPackage(folder: string): BundledPackage {
  const { name, version, license } = readJson(join(folder, 'package.json'))
  if (!license) throw new Error(`${name}@${version} in ${dirname(folder)} declares no licence`)
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry))
  return { name, version, license, licenseText: file ? readFileSync(join(folder, file), 'utf8') : '' }
}

/** The notices that go with the bundle. */
export function notices(packages: readonly BundledPackage[]): string {
  const parts = packages.map(({ name, version, license, licenseText }) =>
    [`${name} ${version} (${license})`, '', licenseText.trim()].join('\n'),
  )
  return `This program contains the following packages.\n\n${parts.join(`\n\n${'-'.repeat(80)}\n\n`)}\n`
}

/** A software bill of materials of the bundle and its runtime (CycloneDX 1.6). */
export function billOfMaterials(version: string, nodeVersion: string, packages: readonly BundledPackage[]): string {
  const component = (name: string, itsVersion: string, license: string) => ({
    type: 'library',
    name,
    version: itsVersion,
    purl: `pkg:npm/${name.replace('@', '%40')}@${itsVersion}`,
    licenses: [{ expression: license }],
  })
  const document = {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: { component: { type: 'application', name: 'bosh-openstack-cpi', version } },
    components: [
      { ...component('node', nodeVersion, 'MIT'), type: 'platform' },
      ...packages.map((item) => component(item.name, item.version, item.license)),
    ],
  }
  return `${JSON.stringify(document, null, 2)}\n`
}
