import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readYaml } from '@openstack-cpi/harness/call-script'
import { startProcess } from '@openstack-cpi/harness/process'
import { expect } from 'vitest'
import { hasRuby } from '../local-job.ts'
import { type Installation, withInstallation } from './installation.ts'

type Environment = Readonly<Record<string, string>>

interface Start {
  readonly title: string
  readonly job?: string
  readonly cpi?: Readonly<Record<string, unknown>>
  readonly words?: readonly string[]
  readonly environment?: Environment
  readonly gets?: string
  readonly set?: Readonly<Record<string, string | null>>
}
const starts: readonly Start[] = readYaml('wrapper.yaml', import.meta.url)

const lookUp = JSON.stringify({ method: 'has_vm', arguments: ['no-such-vm'], context: { director_uuid: 'd' } })

/** A job whose configuration the driver cannot use, and packages whose runtime only tells how it was started. */
const test = withInstallation
  .extend('given', { scope: 'file' }, async ({ installation }) => {
    const openstack = { auth_url: 'unused' }
    const env = { http_proxy: "http://proxy:3128/'$(x)", no_proxy: '127.0.0.1' }
    const render = (job: string, cpi = {}) => installation.render(job, { openstack, env, cpi })
    const telling = join(installation.folder, 'telling')
    const bin = join(telling, 'bosh_openstack_cpi_node/bin')
    await mkdir(bin, { recursive: true })
    const program = '#!/bin/sh\nwhile read -r _; do :; done\nulimit -c\numask\necho "$@"\nexec env\n'
    await writeFile(join(bin, 'node'), program, { mode: 0o755 })
    return { render, telling, code: join(installation.jobsDir, '../data/openstack_cpi/code') }
  })
  .skipIf(!hasRuby)

/** Runs bin/cpi, which may leave core dumps as far as the machine allows it. */
const run = (installation: Installation, job: string, env: Environment = {}, words: readonly string[] = []) => {
  const wrapper = ['/bin/sh', '-c', 'ulimit -c "$(ulimit -H -c)"; exec "$0" "$@"', join(job, 'bin/cpi'), ...words]
  return startProcess(wrapper, { ...installation.environment, ...env }, lookUp).ended
}

const authorities = (await readdir('/etc/ssl/certs').catch(() => [])).some((name) => name.endsWith('.0'))

test.for(starts.map((start) => [start.title, start] as const))('%s', async ([, start], { installation, given }) => {
  const { render, telling } = given
  const job = render(start.job ?? 'openstack_cpi', start.cpi)
  const env = { ...start.environment, BOSH_PACKAGES_DIR: telling }
  const { stdout } = await run(installation, job, env, start.words)
  const [core, mask, words, ...lines] = stdout.trimEnd().split('\n')
  const environment = new Map(
    lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  )
  expect({ core, mask }, 'no core dumps, private files').toEqual({ core: '0', mask: '0077' })
  expect(words).toMatch(/^--disable-sigusr1 --max-semi-space-size=1 /)
  const places = { $JOBS: installation.jobsDir, $JOB: job, $PACKAGES: telling, $AUTHORITIES: '/etc/ssl/certs' }
  const filledIn = (text: string) =>
    text.replaceAll(/\$[A-Z]+/g, (name) => (name in places ? places[name as keyof typeof places] : name))
  if (start.gets) expect(words?.endsWith(filledIn(start.gets)), words).toBe(true)
  for (const [name, value] of Object.entries(start.set ?? {})) {
    const isWithout = value === null || (value === '$AUTHORITIES' && !authorities)
    expect(environment.get(name), name).toBe(isWithout ? undefined : filledIn(value))
  }
  expect(words?.match(/--use-\S+-ca/g)).toEqual([authorities ? '--use-openssl-ca' : '--use-system-ca'])
})

test('contract §2 packages are where BOSH has them unless the environment says otherwise', async ({ given }) => {
  const { stderr } = await startProcess([join(given.render('openstack_cpi'), 'bin/cpi')], {}, lookUp).ended
  expect(stderr).toContain('/var/vcap/packages/bosh_openstack_cpi_node/bin/node')
})

test('compiled code is kept in a folder of the job’s user only, and not used when it is damaged', async ({
  installation,
  given,
}) => {
  const { render, code } = given
  const job = render('openstack_cpi')
  await run(installation, job)
  const files = (await readdir(code, { recursive: true })).map((name) => join(code, name))
  expect(files).not.toEqual([])
  for (const path of [code, ...files]) {
    const found = await stat(path)
    expect(found.mode & 0o077, path).toBe(0)
    if (!found.isFile()) continue
    const bytes = await readFile(path)
    await writeFile(
      path,
      bytes.map((byte, at) => (at < 40 ? byte : byte ^ 0x5a)),
    )
  }
  const { error } = JSON.parse((await run(installation, job)).stdout)
  expect(error).toMatchObject({ type: 'Bosh::Clouds::CloudError', message: expect.stringContaining('auth_url') })
})
