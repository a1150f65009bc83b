import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { FakeProcess } from '@openstack-cpi/harness/fake-process'
import { startProcess } from '@openstack-cpi/harness/process'

const packages = '/usr/lib/python3/dist-packages'

/** As `clients.yaml` has them. */
export interface TempestTests {
  readonly tests?: readonly string[]
  readonly failingThere?: readonly string[]
}

/**
 * Runs OpenStack's own API tests. What the fake does not model counts as skipped; every other failure counts, except of the
 * tests that fail on the reference cloud too.
 */
export async function runTempest(
  folder: string,
  { description }: FakeProcess,
  { tests = [], failingThere = [] }: TempestTests,
): Promise<boolean> {
  const files = {
    'tempest.conf': configuration(description),
    '.stestr.conf': `[DEFAULT]\ntest_path=${packages}/tempest/test_discover\ntop_dir=${packages}\ngroup_regex=([^.]*[.])*\n`,
    // The waits of tempest are for clouds that take time.
    'sitecustomize.py':
      'import time\n_sleep = time.sleep\ntime.sleep = lambda s: _sleep(0 if s == 10 else min(s, 0.1))\n',
  }
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text)
  await stestr(folder, ['init'])
  return report(await stestr(folder, ['run', '--concurrency', '1', tests.join('|')]), failingThere)
}

/** `tempest.conf` with the values of the fake. */
function configuration(cloud: FakeProcess['description']): string {
  const { admin, flavors, external_network: external } = cloud
  const values: Readonly<Record<string, unknown>> = {
    ...cloud,
    admin_user: admin?.user,
    admin_password: admin?.password,
    admin_project: admin?.project,
    image: cloud.image.id,
    tiny_flavor: flavors['m1.tiny']?.id,
    small_flavor: flavors['m1.small']?.id,
    external_network_id: external.id,
    external_network_name: external.name,
  }
  const template = readFileSync(new URL('tempest.conf', import.meta.url), 'utf8')
  return template.replaceAll(/\{(\w+)\}/g, (_, name: string) => String(values[name]))
}

/** Runs stestr in the folder; returns what it prints. */
async function stestr(folder: string, words: readonly string[]): Promise<string> {
  const env = {
    PATH: '/usr/bin:/bin',
    HOME: folder,
    PYTHONPATH: folder,
    PYTHONWARNINGS: 'ignore',
    TEMPEST_CONFIG_DIR: folder,
    TEMPEST_CONFIG: 'tempest.conf',
  }
  const command = ['/usr/bin/stestr', '--here', folder, '--config', join(folder, '.stestr.conf')]
  const { stdout, stderr } = await startProcess([...command, ...words], env).ended
  process.stderr.write(stderr)
  return stdout
}

/** Prints each failure and the counts. No test at all is a failure too: tempest did not start. */
function report(output: string, failingThere: readonly string[]): boolean {
  const tests = output.split(/\n(?=\{\d+\} )/).filter((text) => /^\{\d+\} .* \.\.\. /.test(text))
  const passed = tests.filter((text) => / \.\.\. ok/.test(text))
  const failed = tests.filter((text) => / \.\.\. FAILED/.test(text))
  const gaps = failed.filter((text) => /The fake does not model/.test(text))
  const counted = failed.filter((text) => !gaps.includes(text) && !failingThere.some((name) => text.includes(name)))
  for (const text of counted) console.log(text)
  const skipped = tests.length - passed.length - counted.length
  console.log(`${passed.length} passed, ${counted.length} failed, ${skipped} skipped (${gaps.length} not modelled)`)
  return passed.length > 0 && counted.length === 0
}
