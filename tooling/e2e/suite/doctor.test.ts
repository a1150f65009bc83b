import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { writeCpiConfig } from '@openstack-cpi/harness/cpi-config'
import { cpiExecutable } from '@openstack-cpi/harness/director'
import { describe, expect, test } from 'vitest'
import { useCloud } from '../cloud-fixture.ts'

const given = useCloud()

interface Report {
  readonly problems: number
  readonly results: readonly {
    readonly title: string
    readonly findings: readonly { readonly severity: string; readonly found: string; readonly remedy?: string }[]
  }[]
}

const doctor = async (...words: readonly string[]): Promise<Report> => {
  const { cloud, folder } = given()
  const config = await writeCpiConfig(folder, cloud)
  const run = promisify(execFile)(cpiExecutable, ['doctor', '--config', config, '--json', ...words])
  // Exit code 1 is a report, too.
  const { stdout } = await run.catch((error: Error & { stdout: string }) => error)
  return JSON.parse(stdout)
}

const problems = ({ results }: Report): readonly string[] =>
  results.flatMap(({ title, findings }) =>
    findings
      .filter(({ severity }) => severity === 'problem')
      .map(({ found, remedy }) => `${title}: ${found} | ${remedy}`),
  )

describe('§11 doctor', () => {
  test('finds the project of user bosh fit, whole life cycle included, and leaves nothing', async () => {
    const { cloud } = given()
    const report = await doctor(
      ...['--flavor', 'm1.small', '--network', cloud.networks['bosh-net']?.id ?? ''],
      ...[
        '--floating-ip',
        cloud.floating_ips[0] ?? '',
        '--availability-zone',
        cloud.availability_zones.volume[0] ?? '',
      ],
      '--deep',
    )
    expect(problems(report)).toEqual([])
    expect(report.results.map(({ title }) => title)).toContain('detach_disk')
  })

  test('names what is wrong, each with its remedy', async () => {
    const { cloud } = given()
    const subnet = Object.values(cloud.networks['bosh-net']?.subnets ?? {})[0]?.id ?? ''
    const report = await doctor(
      ...['--flavor', 'no-such-flavor', '--network', cloud.small_user.network_id, subnet],
      ...['--security-group', 'no-such-group', '--floating-ip', '192.0.2.1', '--availability-zone', 'no-such-zone'],
      ...['--context', '{"default_key_name":"no-such-key","default_volume_type":"no-such-type"}', '--vms', '5000'],
    )
    const found = problems(report).join('\n')
    for (const pattern of [
      /flavor no-such-flavor does not exist \| Choose one of/,
      /is not accessible \| Own networks: .*bosh-net/,
      /is the id of a subnet \| Use net_id: /,
      /Security group 'no-such-group' not found.* \| Create the group/,
      /floating IP 192.0.2.1 is not allocated .* \| Allocate it/,
      /zone no-such-zone does not exist in Nova \| Use one of/,
      /key pair no-such-key does not exist .* \| .*use one of: /,
      /volume type no-such-type does not exist \| Use one of/,
      /instances: .* \| Ask for a quota of at least/,
    ]) {
      expect(found).toMatch(pattern)
    }
  })
})
