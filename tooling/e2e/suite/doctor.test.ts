import { writeCpiConfig } from '@openstack-cpi/harness/cpi-config'
import { cpiExecutable } from '@openstack-cpi/harness/director'
import { startProcess } from '@openstack-cpi/harness/process'
import { expect, test } from 'vitest'
import { useCloud } from '../cloud-fixture.ts'

const given = useCloud()

test('§11 doctor finds the project of user bosh fit, whole life cycle included, and leaves nothing', async () => {
  const { cloud, folder } = given()
  const options = {
    config: await writeCpiConfig(folder, cloud),
    flavor: 'm1.small',
    network: cloud.networks['bosh-net']?.id,
    'floating-ip': cloud.floating_ips[0],
    'availability-zone': cloud.availability_zones.volume[0],
  }
  const words = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)])
  const doctor = [cpiExecutable, 'doctor', '--json', '--deep', ...words]
  const { stdout, stderr } = await startProcess(doctor, { PATH: '/usr/bin:/bin' }).ended
  const report: Report = JSON.parse(stdout)
  const problems = report.results.flatMap(({ title, findings }) =>
    findings.filter(({ severity }) => severity === 'problem').map(({ found }) => `${title}: ${found}`),
  )
  expect(problems, stderr).toEqual([])
  expect(report.results.map(({ title }) => title)).toContain('detach_disk')
})

interface Report {
  readonly results: readonly {
    readonly title: string
    readonly findings: readonly { readonly severity: string; readonly found: string }[]
  }[]
}
