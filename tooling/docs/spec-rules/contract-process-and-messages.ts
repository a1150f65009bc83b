import type { SpecRules } from './rule.ts'
import { testsOf, testsOfMethod } from './tests-of.ts'

const dispatcher = testsOf('packages/cpi-core/src/dispatch/dispatcher.test.ts')
const anything = testsOf('packages/cpi-core/src/dispatch/dispatcher.property.test.ts')
const log = testsOf('packages/cpi-core/src/dispatch/dispatcher-log.test.ts')
const logger = testsOf('packages/cpi-core/src/log/logger.test.ts')
const secrets = testsOf('packages/cpi-core/src/log/secrets.test.ts')
const wire = testsOf('packages/cpi-core/src/errors/to-wire.test.ts')
const merge = testsOf('packages/cpi-core/src/dispatch/merge-config.test.ts')
const vmContract = testsOf('packages/cpi-core/src/testing/vm-contract.ts')
const diskContract = testsOf('packages/cpi-core/src/testing/disk-contract.ts')
const rpc = testsOf('apps/cli/test/rpc.test.ts')
const process = testsOf('packages/cpi-core/src/node/run-cpi.test.ts')
const cloud = testsOf('apps/cli/test/rpc-cloud.test.ts')
const wrapper = testsOf('tooling/bosh-release/test/wrapper.test.ts')
const templates = testsOf('tooling/bosh-release/test/templates.test.ts')
const createEnv = testsOf('tooling/bosh-release/test/create-env.test.ts')
const config = testsOf('packages/openstack-driver/src/config/openstack-config.test.ts')
const context = testsOf('packages/openstack-driver/src/create-context.test.ts')
const mapError = testsOf('packages/openstack-driver/src/errors/map-error.test.ts')
const transport = testsOf('packages/openstack-driver/src/http/transport.test.ts')
const waiter = testsOf('packages/openstack-driver/src/http/waiter.test.ts')
const createVm = testsOfMethod('create-vm')
const version = testsOfMethod('create-vm/stemcell-version')
const suiteOfCalls = testsOf('tooling/e2e/suite/bad-calls.test.ts')
const concurrency = testsOf('tooling/e2e/suite/concurrency.test.ts')
const crashes = testsOf('tooling/crash-matrix/src/crash-matrix.test.ts')

/** §2 to §5 of the CPI contract. */
export const processAndMessages: SpecRules = {
  '2': [
    {
      rule: 'One request is read from stdin to its end, whatever its size, with a newline behind it or without.',
      tests: [process('§2 a request of several MiB is read whole, with a newline at its end or without')],
    },
    {
      rule: 'One JSON document is written to stdout.',
      tests: [process('§2 what libraries print goes to stderr'), rpc('is answered with %s')],
    },
    {
      rule: '`bin/cpi` starts the runtime and the program by absolute paths and gives them configuration and CA file; the caller gives no argument.',
      tests: [wrapper('no core dumps, private files, the config and the CA by absolute paths')],
    },
    {
      rule: '`bin/cpi` needs nothing of the environment; the folders of jobs and packages can be given, and are those of BOSH otherwise.',
      tests: [
        wrapper('contract §2: with no environment at all, jobs and packages are where BOSH has them'),
        wrapper('no core dumps, private files, the config and the CA by absolute paths'),
      ],
    },
    {
      rule: '`bin/cpi` exports the proxies of the job, in capital and small letters.',
      tests: [
        wrapper('a proxy reaches the runtime in both spellings and letter by letter'),
        templates('proxies are exported in both spellings, quoted'),
      ],
    },
    {
      rule: 'The exit code is 0, also when the answer is an error.',
      tests: [
        rpc('§4.2 what is wrong with a request is answered with exit code 0'),
        rpc('§4.2 what is wrong with the configuration is a CloudError that names the file'),
      ],
    },
    {
      rule: 'Another exit code means that no answer could be written.',
      tests: [process('that nobody reads is the one failure with an exit code')],
    },
    {
      rule: 'What libraries and the runtime print goes to stderr, not to stdout.',
      tests: [process('§2 what libraries print goes to stderr')],
    },
    {
      rule: 'The answer is written whole before the process ends, however large.',
      tests: [process('arrives whole')],
    },
    {
      rule: 'An exception or rejection outside the call still yields an answer; what the call does to undo its work is not cut off.',
      tests: [
        process('lets the call end: what it made is not forgotten'),
        process('as a rejection nobody handles, too'),
        process('is the answer when the call never ends'),
      ],
    },
    {
      rule: 'A call that comes to no end by itself is answered.',
      tests: [process('§2 a call that ends without an answer is answered')],
    },
    {
      rule: 'Whatever a driver throws or returns becomes a well-formed answer.',
      tests: [anything('§2 anything a driver throws or returns is answered with the three keys')],
    },
    {
      rule: 'As many processes as a director has workers run at once, without disturbing each other.',
      tests: [
        concurrency('every VM is made and deleted, and all share one login'),
        testsOf('tooling/storm/storm.test.ts')('processes leaves nothing that is not listed'),
      ],
    },
    {
      rule: 'Rate limits are waited out by the CPI, and each wait is logged.',
      tests: [
        transport('a rate limit is sat out, whatever the method'),
        waiter('with the object when it is in the wanted state; each change is logged once'),
      ],
    },
    {
      rule: 'SIGTERM ends waits, what was made is removed, and the failure is answered; a second signal ends at once.',
      tests: [
        process('%s aborts waits, and the failure is answered'),
        process('a second one ends a rollback that hangs, still with an answer'),
        crashes('%s at every request, before and after it takes effect'),
      ],
    },
    {
      rule: 'A process that is told to end before it began changes nothing.',
      tests: [dispatcher('a process that is asked to end begins nothing')],
    },
    {
      rule: 'No temporary file stays, whether the call succeeds or fails.',
      tests: [cloud('§2 no call leaves a temporary file, whether it succeeds or fails')],
    },
  ],
  '3': [
    {
      rule: 'An absent or null `api_version` counts as 1.',
      tests: [dispatcher('§5, §13.5 api_version')],
    },
    {
      rule: 'An `api_version` that is no positive integer is an invalid call.',
      tests: [dispatcher('§5, §13.5 api_version'), rpc('api_version "2"')],
    },
    {
      rule: '`request_id` may be absent; the log lines then have no tag.',
      tests: [dispatcher('of the CLI, without request_id'), logger('without a request id the tag is left out')],
    },
    {
      rule: '`vm.stemcell` may be absent or empty, and a CPI config may have overwritten `vm`: its version is then unknown.',
      tests: [
        dispatcher('of the CLI, without request_id'),
        dispatcher('without vm'),
        dispatcher('whose vm a CPI config has overwritten'),
      ],
    },
    {
      rule: "The stemcell's version decides nothing outside `create_vm`.",
      tests: [
        version('1: create_vm refuses, with nothing asked of the cloud; no other method decides by it (contract §3)'),
      ],
    },
    {
      rule: 'Further keys of the context are configuration, and none is an error: unknown ones are warned of.',
      tests: [
        dispatcher('§13.7 reserved keys are no configuration, all others are'),
        config('unknown properties are ignored with a warning, `vm` of the context without'),
        context('§1.2 what is not known is warned of in the log of the call'),
      ],
    },
    {
      rule: 'Further arguments at the end are ignored.',
      tests: [dispatcher('extra ones are ignored, trailing ones may be absent')],
    },
    {
      rule: 'A required argument that is missing is an invalid call.',
      tests: [dispatcher('%s %j is an InvalidCall'), rpc('missing arguments')],
    },
    {
      rule: 'Null in place of an object or a list means an empty one.',
      tests: [
        dispatcher('§13.6 null stands for an empty env, disk list and cloud properties'),
        testsOf('packages/openstack-driver/src/planning/vm-cloud-properties.test.ts')('nulls as absent (contract §3)'),
        testsOf('packages/openstack-driver/src/planning/network-plan.test.ts')(
          'null cloud properties count as absent (contract §3)',
        ),
      ],
    },
    {
      rule: 'Sizes are whole numbers of MiB; texts, fractions and 0 are refused.',
      tests: [dispatcher('%s %j is an InvalidCall')],
    },
  ],
  '3.1': [
    {
      rule: "The context's properties are merged over the cloud's section of the file.",
      tests: [cloud('§3.1 a CPI config makes a file full of placeholders work'), config('a context alone is enough')],
    },
    {
      rule: 'A key of the context replaces the value of the file as a whole, also where it is a hash.',
      tests: [
        config('contract §3.1: the context replaces a top-level key as a whole'),
        merge('§3.1, §13.7 a key of the context replaces the file’s as a whole, others stay or are added'),
      ],
    },
    {
      rule: '`director_uuid`, `request_id` and `vm` are no configuration.',
      tests: [dispatcher('§13.7 reserved keys are no configuration, all others are')],
    },
    {
      rule: 'The merged configuration is checked, not the file: that may be full of placeholders.',
      tests: [
        cloud('§3.1 a CPI config makes a file full of placeholders work'),
        suiteOfCalls('the context completes a configuration of placeholders (multi-CPI)'),
        templates('cpi-secondary: the file config is full of placeholders'),
      ],
    },
    {
      rule: 'Values from the context are secrets: they are nowhere to be read.',
      tests: [
        secrets('§3.1 of a context: every string, and numbers under secret names'),
        log('by a driver that logs and fails with all it was given'),
        testsOf('apps/cli/test/secrets.test.ts')('§12 no secret is on any output, at any log level'),
      ],
    },
  ],
  '4': [
    {
      rule: 'Each answer has the keys `result`, `error` and `log`, whatever was asked.',
      tests: [
        anything('§4 any bytes are answered with the three keys'),
        anything('§4 any JSON is answered with the three keys'),
        anything('§4 any arguments of any method are answered with the three keys'),
      ],
    },
    {
      rule: '`log` is a text.',
      tests: [anything('§4 any JSON is answered with the three keys')],
    },
    {
      rule: '`log` is empty after a success and has the stack traces of a failure.',
      tests: [
        dispatcher('a success has no error and an empty log'),
        log('§12 a failed call logs its stack trace, each line complete, and tells it in the answer'),
      ],
    },
    {
      rule: '`error` is null, or has `type` and `message` as texts and `ok_to_retry` as a boolean; the result is then null.',
      tests: [
        dispatcher('an error of code %s'),
        anything('§4 any arguments of any method are answered with the three keys'),
      ],
    },
    {
      rule: 'The answer is valid Unicode, broken characters replaced.',
      tests: [
        dispatcher('§4 half a character is replaced, in result, message and log'),
        wire('hold no broken Unicode'),
      ],
    },
  ],
  '4.1': [
    {
      rule: 'Each kind of failure has the name that callers know.',
      tests: [wire('§4.1 %s is %s to the director, and may say ok_to_retry: %s')],
    },
    {
      rule: 'Only `VMCreationFailed`, `DiskNotFound`, `DiskNotAttached` and `NoDiskSpace` may say `ok_to_retry`; all others say false.',
      tests: [wire('§4.1 %s is %s to the director, and may say ok_to_retry: %s')],
    },
    {
      rule: 'Type and `ok_to_retry` survive when an error is wrapped into others.',
      tests: [wire('§4 type and ok_to_retry survive wrapping')],
    },
    {
      rule: '`create_vm` says `ok_to_retry` where another try may succeed, and only there.',
      tests: [
        mapError('§7.4 create_vm: may the director try again?'),
        createVm('no valid host: to be retried'),
        createVm('a quota of %s: at once and for good'),
      ],
    },
    {
      rule: 'A missing stemcell is no error type of its own: deleting it is a success.',
      tests: [vmContract('§6.3 deleting a stemcell that never was is a success')],
    },
    {
      rule: 'A method that a driver leaves out is `NotImplemented`.',
      tests: [dispatcher('a method the driver leaves out is NotImplemented')],
    },
    {
      rule: 'What the director shall do by copying is `NotSupported`.',
      tests: [
        diskContract('§6.15 resize_disk grows, accepts the same size, and answers NotSupported to shrinking'),
        testsOfMethod('update-disk')('%s: NotSupported before anything is changed'),
      ],
    },
    {
      rule: 'A missing VM is `VMNotFound`, a missing disk `DiskNotFound`.',
      tests: [diskContract('§6.13, §6.14 missing VMs and disks have their own error types')],
    },
    {
      rule: 'A quota of disks that is used up is `NoDiskSpace`, not to be retried.',
      tests: [testsOfMethod('create-disk')('a used-up quota: NoDiskSpace at once, not to be retried')],
    },
    {
      rule: 'No message but that of an unknown method begins with the words that callers take for one.',
      tests: [wire('%s never begins like a missing method: %s')],
    },
    {
      rule: 'A message is one line.',
      tests: [wire('tell the chain of causes on one line, and nothing twice')],
    },
    {
      rule: "A message says which object, which step, which service with its status, and the cloud's request id.",
      tests: [
        mapError('contract §4.1: the message names the step, the words of the cloud and a remedy'),
        transport("the cloud's request id is in log and error"),
      ],
    },
  ],
  '4.2': [
    {
      rule: 'Input that is no JSON object is an `InvalidCall` that says that it cannot be deserialized, and why.',
      tests: [dispatcher('§4.2 %s is an InvalidCall'), rpc('garbage'), suiteOfCalls('empty stdin')],
    },
    { rule: 'A `method` that is no text is an `InvalidCall`.', tests: [dispatcher("'method type'")] },
    {
      rule: 'An unknown method is `NotImplemented`, and is told.',
      tests: [dispatcher("'method known'"), rpc('an unknown method')],
    },
    { rule: '`arguments` that are no list are an `InvalidCall`.', tests: [dispatcher("'arguments type'")] },
    {
      rule: 'An `api_version` that is no integer is an `InvalidCall`.',
      tests: [dispatcher('§5, §13.5 api_version'), rpc('api_version "2"')],
    },
    {
      rule: 'An `api_version` above the highest is `NotSupported`, with both numbers.',
      tests: [dispatcher('§5, §13.5 api_version'), rpc('api_version 4')],
    },
    {
      rule: 'A `context` that is no object, or a `director_uuid` that is no text, is an `InvalidCall`.',
      tests: [dispatcher("'context', { ...wrong"), dispatcher("'director_uuid',"), rpc('no context')],
    },
    {
      rule: 'Arguments of a wrong number or type are an `InvalidCall` that names their place and what they should be.',
      tests: [dispatcher('%s %j is an InvalidCall'), rpc('arguments of wrong types')],
    },
    {
      rule: 'A known method that the driver does not have is `NotImplemented`.',
      tests: [dispatcher('a method the driver leaves out is NotImplemented')],
    },
    {
      rule: 'A configuration that is wrong, before or after the merge, is a `CloudError`.',
      tests: [
        rpc('§4.2 what is wrong with the configuration is a CloudError that names the file'),
        cloud('no credentials'),
        dispatcher('a driver that cannot be built for want of configuration is a CloudError'),
      ],
    },
    { rule: '`info` is answered whatever the configuration.', tests: [rpc('is answered with %s')] },
    {
      rule: 'Any other exception is a `CloudError`.',
      tests: [wire('§4.2 anything else is a CloudError')],
    },
    {
      rule: 'The checks come in the order of the contract.',
      tests: [dispatcher('§4.2 checks come in one order, and before the driver is built')],
    },
    {
      rule: 'The driver is built only for a request that passed them all.',
      tests: [
        dispatcher('§4.2 checks come in one order, and before the driver is built'),
        dispatcher('§13.2 an unknown method is refused before any configuration is read'),
      ],
    },
  ],
  '5': [
    {
      rule: '`info` tells version 3 and a list of stemcell formats, to callers of every version.',
      tests: [
        dispatcher('§5, §6.1, §13.3 info needs no driver, and tells its version to every caller'),
        testsOf('packages/openstack-driver/src/info.test.ts')(
          '§7.1 info: API version 3 and the formats of heavy and light stemcells',
        ),
      ],
    },
    {
      rule: '`info` loads nothing that could reach the cloud, and needs no credentials.',
      tests: [rpc('loads nothing that speaks HTTP'), rpc('is answered with %s')],
    },
    { rule: 'Requests of the versions 1, 2 and 3 are taken.', tests: [dispatcher('§5, §13.5 api_version')] },
    {
      rule: 'Version 1 gets the bare CID of a VM, versions 2 and 3 the CID with the networks.',
      tests: [
        dispatcher('create_vm and attach_disk'),
        vmContract('§5 create_vm answers the bare CID to API version 1'),
      ],
    },
    {
      rule: 'Version 1 gets null for an attached disk, versions 2 and 3 the hint.',
      tests: [
        dispatcher('create_vm and attach_disk'),
        diskContract('§6.13, §6.14 attaching and detaching twice changes nothing; the hint stays the same'),
      ],
    },
    {
      rule: '`create_stemcell` takes its third argument in version 3 alone.',
      tests: [dispatcher('§13.9 create_stemcell passes tags on for API version 3 only')],
    },
    {
      rule: 'The CLI asks `info` with version 1 before each method, and then talks version 2.',
      tests: [createEnv('contract §6.24 the exact calls of the CLI, info before each, API version cut to 2')],
    },
    {
      rule: 'The settings of the agent are in the user data; no registry is asked or written.',
      tests: [version('%s: the settings are in the user data')],
    },
  ],
}
