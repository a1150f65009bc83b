import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { readYaml } from '@openstack-cpi/harness/call-script'
import { propertyDocs } from '@openstack-cpi/openstack-driver/documentation'
import { describe, expect, test as plainTest } from 'vitest'
import { type Installation, test } from './installation.ts'

/** Properties of a manifest, nested as there. */
type Properties = Readonly<Record<string, unknown>>

interface Rendering {
  readonly title: string
  readonly properties: Properties
  readonly files: object
  readonly absent?: readonly string[]
}

const renderings: readonly Rendering[] = readYaml('renderings.yaml', import.meta.url)
const spec: Readonly<Record<string, { readonly description?: string }>> = readYaml(
  '../job/spec.yml',
  import.meta.url,
).properties
const names = Object.keys(spec)
const credentials = {
  auth_url: 'https://keystone.example.com:5000/v3',
  username: 'bosh',
  api_key: 'p"ass\'word',
  project: 'cf',
  domain: 'Default',
}
const examples = Object.entries(propertyDocs).map(([name, { example }]) => [name, example] as const)

/** The names of the job's properties that are set in a manifest. */
const namesIn = (properties: Properties, prefix = ''): readonly string[] =>
  Object.entries(properties).flatMap(([key, value]) => {
    const name = `${prefix}${key}`
    const isGroup = !(name in spec) && typeof value === 'object'
    return isGroup ? namesIn({ ...value }, `${name}.`) : [name]
  })

describe('the properties of the job', () => {
  plainTest('§1.1 are those of the configuration, and none else below openstack', () => {
    const below = names.filter((name) => name.startsWith('openstack.')).map((name) => name.slice('openstack.'.length))
    expect(below.sort()).toEqual(Object.keys(propertyDocs).sort())
  })

  plainTest('§1.1 are at least those of the jobs of the earlier CPIs', () => {
    const groups: Readonly<Record<string, readonly string[]>> = readYaml('earlier-jobs.yaml', import.meta.url)
    const theirs = Object.entries(groups).flatMap(([group, keys]) => keys.map((key) => `${group}.${key}`))
    expect(names).toEqual(expect.arrayContaining([...theirs, 'ntp']))
  })

  plainTest('§1.1 are described, and each has a test of what it renders', () => {
    expect(names.filter((name) => !spec[name]?.description)).toEqual([])
    const ofWrapper = ['env.http_proxy', 'env.https_proxy', 'env.no_proxy', 'cpi.log_level', 'cpi.token_cache']
    const ofOpenStack = examples.map(([name]) => `openstack.${name}`)
    const seen = new Set([...renderings.flatMap(({ properties }) => namesIn(properties)), ...ofOpenStack, ...ofWrapper])
    expect([...seen].sort()).toEqual(names.sort())
  })
})

async function rendered(installation: Installation, properties: Properties) {
  const job = installation.render('openstack_cpi', properties)
  const text = await readFile(join(job, 'config/cpi.json'), 'utf8')
  const ca = (await readFile(join(job, 'config/cacert.pem'), 'utf8')).trim()
  return { job, text, ca, ...JSON.parse(text).cloud.properties }
}

test.for(renderings.map((row) => [row.title, row] as const))('%s', async ([, row], { installation }) => {
  const { openstack = {}, ...others } = row.properties
  const found = await rendered(installation, { openstack: { ...credentials, ...Object(openstack) }, ...others })
  expect(found).toMatchObject(row.files)
  for (const text of row.absent ?? []) expect(found.text).not.toContain(text)
})

test('§1.1 every property of openstack is in the configuration as it is written', async ({ installation }) => {
  const written = Object.fromEntries(examples)
  const { openstack } = await rendered(installation, { openstack: written })
  expect(openstack).toMatchObject(written)
})

test('no process to watch, and files that only the job may read', async ({ installation }) => {
  const { job } = await rendered(installation, { openstack: credentials })
  expect((await stat(join(job, 'config/cpi.json'))).mode & 0o007).toBe(0)
  expect((await stat(join(job, 'bin/cpi'))).mode & 0o100).toBe(0o100)
})
