import { readFile } from 'node:fs/promises'
import { propertyDocs } from '@openstack-cpi/openstack-driver/documentation'
import { expect, test } from 'vitest'
import { parse } from 'yaml'

const ofTheJob = async (path: string) => await readFile(new URL(`../job/${path}`, import.meta.url), 'utf8')

const spec: { properties: Record<string, { description?: string }> } = parse(await ofTheJob('spec.yml'))
const names = Object.keys(spec.properties)

test('§1.1 the job has every property of the configuration, and no other below openstack', () => {
  const below = names.filter((name) => name.startsWith('openstack.')).map((name) => name.slice('openstack.'.length))
  expect(below.sort()).toEqual(Object.keys(propertyDocs).sort())
})

/** What the jobs of the Ruby and the Go CPI have besides `openstack.*`; manifests for them may set any of it. */
const ofEarlierJobs: Readonly<Record<string, readonly string[]>> = {
  registry: ['host', 'port', 'username', 'password', 'endpoint'],
  nats: ['user', 'password', 'address', 'port'],
  env: ['http_proxy', 'https_proxy', 'no_proxy'],
  agent: ['mbus'],
  'agent.blobstore': [
    ...['access_key_id', 'secret_access_key', 'address', 'host', 'use_ssl', 'ssl_verify_peer', 's3_region', 's3_port'],
    ...['s3_force_path_style', 's3_multipart_threshold', 's3_signature_version'],
  ],
  blobstore: [
    ...['provider', 'path', 'address', 'port', 'bucket_name', 'access_key_id', 'secret_access_key', 'host', 'use_ssl'],
    ...['ssl_verify_peer', 's3_region', 's3_port', 's3_force_path_style', 's3_multipart_threshold'],
    's3_signature_version',
  ],
  'blobstore.agent': ['user', 'password'],
}

test('§1.1 the job has every property that the jobs of the earlier CPIs have', () => {
  const theirs = Object.entries(ofEarlierJobs).flatMap(([group, keys]) => keys.map((key) => `${group}.${key}`))
  expect(names).toEqual(expect.arrayContaining([...theirs, 'ntp']))
})

test('every property of the job is described', () => {
  expect(names.filter((name) => !spec.properties[name]?.description)).toEqual([])
})
