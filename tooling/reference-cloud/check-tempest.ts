/**
 * `npm run fake:tempest`: OpenStack's own API tests (Debian: tempest) against the fake. What the fake does not model counts
 * as skipped; every other failure counts, except of the tests that fail on the reference cloud too.
 */
import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startFake } from '@openstack-cpi/harness/fake-process'

const packages = '/usr/lib/python3/dist-packages'
const runner = '/usr/bin/stestr'
if (!existsSync(runner) || !existsSync(`${packages}/tempest`)) {
  console.error('fake:tempest needs tempest and stestr (Debian: tempest)')
  process.exit(1)
}

/** API tests of the services that the fake has. */
const selection = [
  String.raw`^tempest\.api\.identity\.(v3|admin\.v3)`,
  String.raw`^tempest\.api\.image\.v2`,
  String.raw`^tempest\.api\.network\.`,
  String.raw`^tempest\.api\.volume\.`,
  String.raw`^tempest\.api\.compute\.(servers|flavors|keypairs|limits|volumes|security_groups|floating_ips|images|test_)`,
].join('|')

/** Tests that fail on the reference cloud too: an extension that it has not, a console with three lines, a refused change. */
const failingThere = [
  'metering',
  'ExtensionsTestJSON.test_list_show_extensions',
  'console_output_with_unlimited_size',
  // Keystone changes nothing of a credential but its blob.
  'test_credentials_create_get_update_delete',
]

const folder = await mkdtemp(join(tmpdir(), 'fake-openstack-tempest-'))
const fake = await startFake(folder, ['--keep-uploads', '--release', 'zed'])
try {
  await writeFile(join(folder, 'tempest.conf'), configuration(fake.description))
  await writeFile(
    join(folder, '.stestr.conf'),
    `[DEFAULT]\ntest_path=${packages}/tempest/test_discover\ntop_dir=${packages}\ngroup_regex=([^.]*[.])*\n`,
  )
  // The waits of tempest are for clouds that take time.
  await writeFile(
    join(folder, 'sitecustomize.py'),
    'import time\n_sleep = time.sleep\ntime.sleep = lambda s: _sleep(0 if s == 10 else min(s, 0.1))\n',
  )
  await stestr(['init'])
  const output = await stestr(['run', '--concurrency', '1', selection])
  const failures = report(output)
  process.exitCode = failures === 0 ? 0 : 1
} finally {
  await fake.stop()
  await rm(folder, { recursive: true, force: true })
}

/** `tempest.conf` with the values of the fake. */
function configuration({ admin, auth_url, domain, region, image, flavors, external_network }: typeof fake.description) {
  if (!admin || !image || !external_network) throw new Error('the seed has no administrator, image or external network')
  const values: Readonly<Record<string, string | undefined>> = {
    auth_url,
    domain,
    region,
    admin_user: admin.user,
    admin_password: admin.password,
    admin_project: admin.project,
    image: image.id,
    tiny_flavor: flavors['m1.tiny']?.id,
    small_flavor: flavors['m1.small']?.id,
    external_network_id: external_network.id,
    external_network_name: external_network.name,
  }
  const template = readFileSync(new URL('tempest.conf', import.meta.url), 'utf8')
  return template.replaceAll(/\{(\w+)\}/g, (_, name: string) => String(values[name]))
}

/** Runs stestr in the folder; returns what it prints. */
async function stestr(words: readonly string[]): Promise<string> {
  const env = {
    PATH: '/usr/bin:/bin',
    HOME: folder,
    PYTHONPATH: folder,
    PYTHONWARNINGS: 'ignore',
    TEMPEST_CONFIG_DIR: folder,
    TEMPEST_CONFIG: 'tempest.conf',
  }
  const child = spawn(runner, [...words], { cwd: folder, env, stdio: ['ignore', 'pipe', 'inherit'] })
  let output = ''
  for await (const chunk of child.stdout) output += chunk
  return output
}

/** Prints each failure and the counts; returns the number of failures. */
function report(output: string): number {
  const tests = output.split(/\n(?=\{\d+\} )/).filter((text) => /^\{\d+\} .* \.\.\. /.test(text))
  const passed = tests.filter((text) => / \.\.\. ok/.test(text))
  const failed = tests.filter((text) => / \.\.\. FAILED/.test(text))
  const gaps = failed.filter((text) => /The fake does not model/.test(text))
  const counted = failed.filter((text) => !gaps.includes(text) && !failingThere.some((name) => text.includes(name)))
  for (const text of counted) console.log(text)
  const skipped = tests.length - passed.length - counted.length
  console.log(`${passed.length} passed, ${counted.length} failed, ${skipped} skipped (${gaps.length} not modelled)`)
  // No test at all is a failure too: tempest did not start.
  return passed.length === 0 ? 1 : counted.length
}
