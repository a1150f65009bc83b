import { expect, test } from 'vitest'
import { driftReport } from './drift-report.ts'

const suites = [
  'release 2026.2: cinder-api 29.0.0, nova-api 34.0.1',
  '\u001b[31m   × unknown flavor: fails immediately\u001b[39m',
  ' FAIL  suite/create-vm.test.ts > unknown flavor: fails immediately',
  'compute: servers / show: status: 200 has become 404',
  'compute: servers / show: status: 200 has become 404',
  '1 answers of the real cloud have changed since 2026.2 was recorded',
  'PASS keystone: token',
  'FAILED on 2026.2: end-to-end suite, recorded answers',
].join('\n')

test('the report has the versions, the result, each changed answer once, and the failed tests without colours', () => {
  const report = driftReport(['[ 2s] every API answers', suites])
  expect(report.split('### ').map((section) => section.split('\n')[0])).toEqual([
    '',
    'Versions',
    'Result',
    'Changed answers',
    'Failed tests',
    'End of the log',
  ])
  expect(report).toContain('FAILED on 2026.2: end-to-end suite, recorded answers')
  expect(report.split('### End')[0]?.match(/200 has become 404/g)).toHaveLength(1)
  expect(report).toContain('× unknown flavor')
  expect(report).not.toContain('\u001b')
})

test('of a cloud that did not start, the report says why', () => {
  const report = driftReport(['fetching Debian sid\nSKIPPED reference cloud 2026.2: the packages cannot be installed'])
  expect(report).toContain('### Result\n\n```\nSKIPPED reference cloud 2026.2: the packages cannot be installed')
})
