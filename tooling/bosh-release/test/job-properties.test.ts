import { readFile } from 'node:fs/promises'
import { propertyDocs } from '@openstack-cpi/openstack-driver/documentation'
import { expect, test } from 'vitest'
import { parse } from 'yaml'

const yaml = async (path: string) => parse(await readFile(new URL(path, import.meta.url), 'utf8'))
const spec: { properties: Record<string, { description?: string }> } = await yaml('../job/spec.yml')
const names = Object.keys(spec.properties)

test('§1.1 the job has every property of the configuration, and no other below openstack', () => {
  const below = names.filter((name) => name.startsWith('openstack.')).map((name) => name.slice('openstack.'.length))
  expect(below.sort()).toEqual(Object.keys(propertyDocs).sort())
})

test('§1.1 the job has every property that the jobs of the earlier CPIs have', async () => {
  const groups: Readonly<Record<string, readonly string[]>> = await yaml('./earlier-jobs.yaml')
  const theirs = Object.entries(groups).flatMap(([group, keys]) => keys.map((key) => `${group}.${key}`))
  expect(names).toEqual(expect.arrayContaining([...theirs, 'ntp']))
})

test('every property of the job is described', () => {
  expect(names.filter((name) => !spec.properties[name]?.description)).toEqual([])
})
