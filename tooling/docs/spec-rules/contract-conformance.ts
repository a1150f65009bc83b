import type { SpecRules } from './rule.ts'
import { testsOf, testsOfMethod } from './tests-of.ts'

const dispatcher = testsOf('packages/cpi-core/src/dispatch/dispatcher.test.ts')
const anything = testsOf('packages/cpi-core/src/dispatch/dispatcher.property.test.ts')
const log = testsOf('packages/cpi-core/src/dispatch/dispatcher-log.test.ts')
const merge = testsOf('packages/cpi-core/src/dispatch/merge-config.test.ts')
const vmContract = testsOf('packages/cpi-core/src/testing/vm-contract.ts')
const diskContract = testsOf('packages/cpi-core/src/testing/disk-contract.ts')
const rpc = testsOf('apps/cli/test/rpc.test.ts')
const process = testsOf('packages/cpi-core/src/node/run-cpi.test.ts')
const cloud = testsOf('apps/cli/test/rpc-cloud.test.ts')
const config = testsOf('packages/openstack-driver/src/config/openstack-config.test.ts')
const suiteOfCalls = testsOf('tooling/e2e/suite/bad-calls.test.ts')

/** §13 of the CPI contract: points that restate others, each with the tests that prove it as a whole. */
export const conformance: SpecRules = {
  '13.1': [
    {
      rule: 'Exit code 0 and the three keys, for a success, each error type, garbage and an empty stdin.',
      tests: [
        dispatcher('§4, §13.1 whatever comes in, one answer with three keys goes out'),
        anything('§4 any bytes are answered with the three keys'),
        rpc('§4.2 what is wrong with a request is answered with exit code 0'),
      ],
    },
  ],
  '13.2': [
    {
      rule: 'An unknown method is `NotImplemented`, before any configuration is read.',
      tests: [
        dispatcher('§13.2 an unknown method is refused before any configuration is read'),
        rpc('an unknown method'),
      ],
    },
  ],
  '13.3': [
    {
      rule: '`info` works with an empty configuration or one of placeholders, and reaches no network.',
      tests: [rpc('is answered with %s'), rpc('loads nothing that speaks HTTP')],
    },
  ],
  '13.4': [
    {
      rule: 'Requests may lack `request_id` and `vm`, or have an empty stemcell.',
      tests: [dispatcher('of the CLI, without request_id'), dispatcher('without vm')],
    },
  ],
  '13.5': [
    {
      rule: '`api_version` may be absent, 1, 2 or 3; 4 is not supported, and a text is an invalid call.',
      tests: [dispatcher('§5, §13.5 api_version'), rpc('api_version 4'), suiteOfCalls('api_version "2"')],
    },
  ],
  '13.6': [
    {
      rule: 'Null may stand in place of `env`, disks and cloud properties.',
      tests: [
        dispatcher('§13.6 null stands for an empty env, disk list and cloud properties'),
        testsOf('tooling/bosh-release/test/create-env.test.ts')(
          'contract §6.24 the exact calls of the CLI, info before each, API version cut to 2',
        ),
      ],
    },
  ],
  '13.7': [
    {
      rule: 'The context replaces single keys, and `connection_options` as a whole.',
      tests: [
        config('contract §3.1: the context replaces a top-level key as a whole'),
        merge('§3.1, §13.7 a key of the context replaces the file’s as a whole, others stay or are added'),
      ],
    },
    {
      rule: 'The reserved keys of the context are no configuration.',
      tests: [dispatcher('§13.7 reserved keys are no configuration, all others are')],
    },
    {
      rule: 'The context supplies what the file lacks.',
      tests: [config('a context alone is enough'), cloud('§3.1 a CPI config makes a file full of placeholders work')],
    },
  ],
  '13.8': [
    {
      rule: '`create_vm` and `attach_disk` answer in the form of the version that was asked for.',
      tests: [
        dispatcher('create_vm and attach_disk'),
        vmContract('§5 create_vm answers the bare CID to API version 1'),
        diskContract('§6.13, §6.14 attaching and detaching twice changes nothing; the hint stays the same'),
      ],
    },
    { rule: 'An empty hint is an error.', tests: [dispatcher('an empty hint (%j) is an error')] },
  ],
  '13.9': [
    {
      rule: '`create_stemcell` takes two arguments or three.',
      tests: [
        dispatcher('§13.9 create_stemcell passes tags on for API version 3 only'),
        vmContract('§6.2 create_stemcell takes the tags of API version 3'),
      ],
    },
  ],
  '13.10': [
    {
      rule: 'No secret is in stderr, in `log` or in messages.',
      tests: [
        log('§13.10 no secret gets out'),
        testsOf('apps/cli/test/secrets.test.ts')('§12 no secret is on any output, at any log level'),
        testsOf('tooling/e2e/suite/secrets.test.ts')(
          'a whole create_vm at debug level, with a secret in env, context and config',
        ),
      ],
    },
  ],
  '13.11': [
    { rule: 'An answer of several MiB arrives whole.', tests: [process('arrives whole')] },
    {
      rule: 'What libraries print is no part of the answer.',
      tests: [process('§2 what libraries print goes to stderr')],
    },
  ],
  '13.12': [
    {
      rule: 'Shrinking a disk is `NotSupported`.',
      tests: [
        dispatcher('§13.12 shrinking is NotSupported, and "no value" is null'),
        testsOfMethod('resize-disk')('smaller: NotSupported, so that the director copies'),
      ],
    },
    {
      rule: 'Each method without a value answers null.',
      tests: [dispatcher('§13.12 shrinking is NotSupported, and "no value" is null')],
    },
  ],
}
