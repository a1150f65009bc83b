import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { propertyDocs } from '@openstack-cpi/openstack-driver/documentation'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { hasRuby, Installation } from './installation.ts'

/** Properties of a manifest, nested as there. */
type Properties = Readonly<Record<string, unknown>>

interface Rendering {
  readonly title: string
  readonly properties: Properties
  readonly files: object
  readonly absent?: readonly string[]
}

const yaml = async (path: string) => parse(await readFile(new URL(path, import.meta.url), 'utf8'))
const renderings: readonly Rendering[] = await yaml('./renderings.yaml')
const spec: { properties: object } = await yaml('../job/spec.yml')

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
    const isGroup = !(name in spec.properties) && typeof value === 'object'
    return isGroup ? namesIn({ ...value }, `${name}.`) : [name]
  })

test('§1.1 every property of the job has a test of what it renders', () => {
  const ofWrapper = ['env.http_proxy', 'env.https_proxy', 'env.no_proxy', 'cpi.log_level', 'cpi.token_cache']
  const ofOpenStack = examples.map(([name]) => `openstack.${name}`)
  const seen = new Set([...renderings.flatMap(({ properties }) => namesIn(properties)), ...ofOpenStack, ...ofWrapper])
  expect([...seen].sort()).toEqual(Object.keys(spec.properties).sort())
})

describe.skipIf(!hasRuby)('the job, rendered by Ruby', () => {
  let installation: Installation
  let withExamples: Properties
  beforeAll(async () => {
    installation = await Installation.create()
    withExamples = (await rendered({ openstack: Object.fromEntries(examples) })).openstack
  })
  afterAll(() => installation.remove())

  async function rendered(properties: Properties) {
    const job = await installation.render('openstack_cpi', properties)
    const text = await readFile(join(job, 'config/cpi.json'), 'utf8')
    const ca = (await readFile(join(job, 'config/cacert.pem'), 'utf8')).trim()
    return { job, text, ca, ...JSON.parse(text).cloud.properties }
  }

  test.for(renderings)('$title', async ({ properties, files, absent = [] }) => {
    const { openstack = {}, ...others } = properties
    const found = await rendered({ openstack: { ...credentials, ...Object(openstack) }, ...others })
    expect(found).toMatchObject(files)
    for (const text of absent) expect(found.text).not.toContain(text)
  })

  test.for(examples)('§1.1 openstack.%s is in the configuration as it is written', ([name, example]) => {
    const expected = name === 'connection_options' ? expect.not.objectContaining({ ca_cert: '' }) : example
    expect(withExamples[name]).toEqual(expected)
  })

  test('contract §2 proxies are exported in both spellings, quoted', async () => {
    const env = { http_proxy: "http://p:3128/$(x)'", no_proxy: '10.0.0.0/8' }
    const { job } = await rendered({ openstack: credentials, env })
    const wrapper = await readFile(join(job, 'bin/cpi'), 'utf8')
    for (const name of ['HTTP_PROXY', 'http_proxy', 'NO_PROXY', 'no_proxy'])
      expect(wrapper).toContain(`export ${name}=`)
    expect(wrapper).not.toContain('HTTPS_PROXY')
    expect(wrapper).not.toContain("$(x)'\n")
  })

  test('no process to watch, and files that only the job may read', async () => {
    const { job } = await rendered({ openstack: credentials })
    expect((await stat(join(job, 'config/cpi.json'))).mode & 0o007).toBe(0)
    expect((await stat(join(job, 'bin/cpi'))).mode & 0o100).toBe(0o100)
  })
})
