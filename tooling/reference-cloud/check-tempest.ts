/**
 * `npm run fake:tempest`: OpenStack's own API tests (Debian: tempest) against the fake. What the fake does not model counts
 * as skipped; every other failure counts, except of the tests that fail on the reference cloud too.
 */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
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

/** Tests that fail on the reference cloud too: an extension that it has not, a console with three lines. */
const failingThere = ['metering', 'ExtensionsTestJSON.test_list_show_extensions', 'console_output_with_unlimited_size']

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

function configuration({ admin, auth_url, domain, region, image, flavors, external_network }: typeof fake.description) {
  if (!admin || !image || !external_network) throw new Error('the seed has no administrator, image or external network')
  return `[DEFAULT]
log_file = tempest.log
[auth]
use_dynamic_credentials = true
tempest_roles = member
admin_username = ${admin.user}
admin_password = ${admin.password}
admin_project_name = ${admin.project}
admin_domain_name = ${domain}
[identity]
uri_v3 = ${auth_url}
auth_version = v3
region = ${region}
[identity-feature-enabled]
api_v2 = false
api_v2_admin = false
application_credentials = true
[service_available]
swift = false
neutron = true
[compute]
image_ref = ${image.id}
image_ref_alt = ${image.id}
flavor_ref = ${flavors['m1.tiny']?.id}
flavor_ref_alt = ${flavors['m1.small']?.id}
build_timeout = 60
max_microversion = latest
[compute-feature-enabled]
resize = true
rescue = true
vnc_console = false
snapshot = false
live_migration = false
cold_migration = false
metadata_service = false
attach_encrypted_volume = false
[network]
public_network_id = ${external_network.id}
floating_network_name = ${external_network.name}
[validation]
run_validation = false
[volume]
build_timeout = 60
storage_protocol = fake
max_microversion = latest
[volume-feature-enabled]
backup = false
[image-feature-enabled]
import_image = false
`
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
