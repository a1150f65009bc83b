import type { Call } from '../../kernel/call.ts'
import type { ByRelease } from '../../kernel/release.ts'

/** What differs between Octavia's releases. */
interface LoadBalancerRules {
  /** Days on which the minor versions 2.0, 2.1, … appeared. */
  readonly versionDates: readonly string[]
  /** Fields that later releases show, with the value that they have when nothing was asked for. */
  readonly newFields: Readonly<Record<'loadBalancer' | 'listener' | 'member', Readonly<Record<string, unknown>>>>
}

const datesOfZed = [
  '2016-12-11T00:00:00Z',
  '2018-04-20T00:00:00Z',
  '2018-07-31T00:00:00Z',
  '2018-12-18T00:00:00Z',
  '2018-12-19T00:00:00Z',
  '2019-01-21T00:00:00Z',
  '2019-01-25T00:00:00Z',
  '2018-01-25T12:00:00Z',
  '2019-02-12T00:00:00Z',
  '2019-03-04T00:00:00Z',
  '2019-03-05T00:00:00Z',
  '2019-06-24T00:00:00Z',
  '2019-09-11T00:00:00Z',
  '2019-09-13T00:00:00Z',
  '2019-11-10T00:00:00Z',
  '2020-03-10T00:00:00Z',
  '2020-03-15T00:00:00Z',
  '2020-04-29T00:00:00Z',
  '2020-04-29T01:00:00Z',
  '2020-05-12T00:00:00Z',
  '2020-08-02T00:00:00Z',
  '2020-09-03T00:00:00Z',
  '2020-09-04T00:00:00Z',
  '2020-09-07T00:00:00Z',
  '2020-10-15T00:00:00Z',
  '2021-10-02T00:00:00Z',
  '2022-08-29T00:00:00Z',
]

const since2025: LoadBalancerRules = {
  versionDates: [
    ...datesOfZed,
    '2023-05-05T00:00:00Z',
    '2023-11-08T00:00:00Z',
    '2024-10-15T00:00:00Z',
    '2025-02-26T00:00:00Z',
  ],
  newFields: {
    loadBalancer: { vip_sg_ids: [], vip_vnic_type: 'normal' },
    listener: { hsts_max_age: null, hsts_include_subdomains: false, hsts_preload: false },
    member: { vnic_type: 'normal' },
  },
}

const rules: ByRelease<LoadBalancerRules> = {
  // Octavia 11
  zed: { versionDates: datesOfZed, newFields: { loadBalancer: {}, listener: {}, member: {} } },
  // Octavia 16
  '2025.1': since2025,
  // Octavia 19
  '2026.2': since2025,
}

export const rulesOf = (call: Call): LoadBalancerRules => rules[call.context.settings.release]
