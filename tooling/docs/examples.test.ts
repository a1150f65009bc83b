import { readdir, readFile } from 'node:fs/promises'
import { checkOpenStackConfig } from '@openstack-cpi/openstack-driver'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'

const docs = new URL('../../docs/', import.meta.url)

/** The YAML in the text of a page. */
async function examples(page: string): Promise<readonly string[]> {
  const text = await readFile(new URL(page, docs), 'utf8')
  return [...text.matchAll(/```ya?ml\n([\s\S]*?)```/g)].map(([, yaml = '']) => yaml)
}

const pages = (await readdir(docs)).filter((name) => name.endsWith('.md'))
test.each(pages)('the YAML in %s is YAML', async (page) => {
  for (const yaml of await examples(page)) expect(() => parse(yaml)).not.toThrow()
})

describe('docs/multi-cpi.md', () => {
  test('each entry of the CPI config is one that the CPI can use over the placeholders', async () => {
    const [ops = '', cpiConfig = ''] = await examples('multi-cpi.md')
    const placeholders = parse(ops)[1].value.properties
    const { cpis } = parse(cpiConfig)
    expect(cpis).toHaveLength(2)
    for (const { properties } of cpis) {
      expect(checkOpenStackConfig(placeholders.openstack, properties)).toMatchObject({ problems: [], unknown: [] })
    }
  })
})

test.each(await readdir(new URL('ops/', docs)))('ops/%s exchanges the release, and nothing else', async (file) => {
  const operations = parse(await readFile(new URL(`ops/${file}`, docs), 'utf8'))
  expect(operations).toEqual([
    {
      type: 'replace',
      path: '/releases/name=bosh-openstack-cpi',
      value: expect.objectContaining({ name: 'bosh-openstack-cpi', version: '((openstack_cpi_version))' }),
    },
  ])
})
