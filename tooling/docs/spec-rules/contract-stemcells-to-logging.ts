import type { SpecRules } from './rule.ts'
import { testsOf, testsOfMethod, testsOfPlan } from './tests-of.ts'

const createStemcell = testsOfMethod('create-stemcell')
const deleteStemcell = testsOfMethod('delete-stemcell')
const rootImage = testsOf('packages/openstack-driver/src/stemcell/root-image.test.ts')
const imageProperties = testsOfPlan('image-properties')
const ids = testsOfPlan('resource-id')
const metadata = testsOfPlan('server-metadata')
const dispatcher = testsOf('packages/cpi-core/src/dispatch/dispatcher.test.ts')
const log = testsOf('packages/cpi-core/src/dispatch/dispatcher-log.test.ts')
const logger = testsOf('packages/cpi-core/src/log/logger.test.ts')
const secrets = testsOf('packages/cpi-core/src/log/secrets.test.ts')
const bodies = testsOf('packages/cpi-core/src/log/redact-structure.test.ts')
const wire = testsOf('packages/cpi-core/src/errors/to-wire.test.ts')
const rpc = testsOf('apps/cli/test/rpc.test.ts')
const processSecrets = testsOf('apps/cli/test/secrets.test.ts')
const suiteOfSecrets = testsOf('tooling/e2e/suite/secrets.test.ts')
const transport = testsOf('packages/openstack-driver/src/http/transport.test.ts')
const waiter = testsOf('packages/openstack-driver/src/http/waiter.test.ts')
const compatibility = testsOf('packages/openstack-driver/test/compatibility.test.ts')

/** §9 to §12 of the CPI contract. */
export const stemcellsToLogging: SpecRules = {
  '9': [
    {
      rule: "A heavy stemcell's `image` is a compressed tar with `root.img`, which is uploaded and owned by the CPI.",
      tests: [
        rootImage('comes out byte for byte, whatever its size'),
        createStemcell('the root image becomes a private, active image with name, formats and properties'),
        deleteStemcell('removes the image, in a login and a request'),
      ],
    },
    {
      rule: 'Other files of the archive are ignored.',
      tests: [rootImage('is found among other files, and links and other paths are not it')],
    },
    {
      rule: 'What a light stemcell points at has to exist, and be active.',
      tests: [createStemcell('unknown image %s'), createStemcell('an image that is not active')],
    },
    {
      rule: 'The CID of a light stemcell tells it apart: the id, a blank and `light`.',
      tests: [
        createStemcell('are checked and told apart by their CID; their image is not touched'),
        ids('§4 light stemcells are told apart, both forms are read'),
      ],
    },
    {
      rule: 'The formats are `openstack-raw`, `openstack-qcow2` and `openstack-light`.',
      tests: [
        testsOf('packages/openstack-driver/src/info.test.ts')(
          '§7.1 info: API version 3 and the formats of heavy and light stemcells',
        ),
      ],
    },
    {
      rule: 'The cloud properties of stemcells may be booleans or numbers.',
      tests: [imageProperties('%j becomes the text %j')],
    },
  ],
  '10': [
    {
      rule: 'A CID is a text that is not empty.',
      tests: [dispatcher('an answer nobody could use, from a driver without types, is an error')],
    },
    {
      rule: 'CIDs are plain ids of the cloud, but for light stemcells.',
      tests: [
        createStemcell('the root image becomes a private, active image with name, formats and properties'),
        testsOfMethod('create-disk')('makes an available volume of the rounded-up size with a unique name'),
        compatibility('light stemcells with and without the suffix boot VMs; disks, snapshots and VMs are plain ids'),
      ],
    },
    {
      rule: 'CIDs of other CPIs and older forms are read.',
      tests: [
        compatibility('light stemcells with and without the suffix boot VMs; disks, snapshots and VMs are plain ids'),
        ids('UUIDs with and without dashes are ids'),
      ],
    },
    {
      rule: 'What could change a URL is no id: what bears it does not exist, and the cloud is not asked.',
      tests: [
        ids('what could change a URL is none'),
        ids('a VM or disk that cannot be is not found'),
        deleteStemcell('contract §10: %s is no image: no request'),
      ],
    },
  ],
  '11': [
    {
      rule: "The director's metadata and the operator's tags are on VMs, disks and snapshots.",
      tests: [
        testsOfMethod('set-vm-metadata')('merges, and adapts what Nova would refuse'),
        testsOfMethod('set-disk-metadata')('merges with what is there, adapted to what Cinder takes, in one request'),
        testsOfMethod('snapshot-disk')('makes an available snapshot that says what it is of'),
      ],
    },
    {
      rule: 'The tags in `env.bosh` are on the VM from its creation on.',
      tests: [
        testsOfMethod('create-vm')('makes an active server with key pair, group, port and metadata'),
        metadata('says who made the server and for which agent; tags of env and VM type are kept apart'),
      ],
    },
    {
      rule: 'The tags of `create_stemcell` are on the image.',
      tests: [createStemcell('the director that made it and its tags can be told from the image')],
    },
    {
      rule: 'Keys and values are cut, and characters replaced, as the cloud needs it; nothing fails for it.',
      tests: [
        metadata('property: Nova takes whatever comes out'),
        metadata('tags have no comma, no slash, no doubles, and 60 characters at most'),
        testsOfPlan('snapshot-metadata')('contract §11 adapted to what Cinder takes'),
      ],
    },
  ],
  '12': [
    {
      rule: 'A line has severity, time with microseconds, process id, level, the request id if there is one, and the message.',
      tests: [
        logger('§12 the format of each level, with microseconds'),
        rpc('§12 the log has its format, and the level is a matter of the environment'),
      ],
    },
    {
      rule: 'Each event is complete lines, and nothing in it can forge one.',
      tests: [
        logger('an event of several lines becomes complete lines, after redaction'),
        logger('a request id cannot forge lines'),
      ],
    },
    {
      rule: 'The first line of a call says that it starts, the last one that it has finished, and in how many seconds.',
      tests: [log('§12 each call begins and ends with its line')],
    },
    {
      rule: "Each exchange with the cloud is told at debug level: method, URL, status, time, the cloud's request id.",
      tests: [transport("the cloud's request id is in log and error")],
    },
    {
      rule: 'Headers and bodies of the exchange are told without secrets.',
      tests: [transport('no secret in the log')],
    },
    {
      rule: 'Repetitions and waits are told at info level.',
      tests: [
        transport('a rate limit is sat out, whatever the method'),
        waiter('with the object when it is in the wanted state; each change is logged once'),
      ],
    },
    {
      rule: 'A failed call logs its stack trace, which is in the answer, too.',
      tests: [log('§12 a failed call logs its stack trace, each line complete, and tells it in the answer')],
    },
    {
      rule: 'Passwords, keys, secrets of application credentials and user data are hidden by their names.',
      tests: [bodies('§12 secrets in a body are hidden by their names, at any depth')],
    },
    {
      rule: 'Tokens are hidden in headers and bodies.',
      tests: [
        bodies('§12 tokens in headers are hidden whatever their case'),
        processSecrets('§12 no secret is on any output, at any log level'),
      ],
    },
    {
      rule: 'All of `env` is hidden but group, groups and tags of `bosh`.',
      tests: [
        bodies('§12 of the agent env only what names the instance group is shown'),
        log('by a driver that logs and fails with all it was given'),
      ],
    },
    {
      rule: 'Each text from the CPI config is hidden, and each number under the name of a secret.',
      tests: [
        secrets('§3.1 of a context: every string, and numbers under secret names'),
        log('by a driver that logs and fails with all it was given'),
      ],
    },
    {
      rule: 'Secrets of the file are hidden.',
      tests: [
        secrets('of a file: values of secret names and passwords in URLs, not addresses and names'),
        processSecrets('§12 no secret is on any output, at any log level'),
      ],
    },
    {
      rule: 'User-info of URLs and private keys are hidden wherever they are.',
      tests: [secrets('§12 hidden even if nobody registered it')],
    },
    {
      rule: 'A secret is hidden in every spelling: JSON, URL, form, base64, and within other base64.',
      tests: [
        secrets('§12 a registered secret is hidden'),
        secrets('inside any base64 text, such as user data or a basic login'),
      ],
    },
    {
      rule: '`<redacted>` stands in the place of a secret.',
      tests: [
        secrets('§12 hidden even if nobody registered it'),
        bodies('§12 tokens in headers are hidden whatever their case'),
      ],
    },
    {
      rule: 'The request as it came is not logged, also when it cannot be read or is wrong.',
      tests: [log('by a parser that quotes what it cannot read'), log('by a request that is wrong elsewhere')],
    },
    {
      rule: '`log` and the messages of errors have no secret either.',
      tests: [
        log('by a driver that logs and fails with all it was given'),
        wire('of several lines are redacted before they become one'),
        suiteOfSecrets('a whole create_vm at debug level, with a secret in env, context and config'),
      ],
    },
    {
      rule: 'A log that cannot be written fails no call.',
      tests: [
        log('a log that cannot be written does not fail the call'),
        testsOf('packages/cpi-core/src/node/run-cpi.test.ts')('a stderr that nobody reads does not fail the call'),
      ],
    },
  ],
}
