import type { SpecRules } from './rule.ts'
import { testsOf, testsOfMethod, testsOfPlan } from './tests-of.ts'

const dispatcher = testsOf('packages/cpi-core/src/dispatch/dispatcher.test.ts')
const contract = testsOf('packages/cpi-core/src/testing/vm-contract.ts')
const diskContract = testsOf('packages/cpi-core/src/testing/disk-contract.ts')
const rpc = testsOf('apps/cli/test/rpc.test.ts')
const createStemcell = testsOfMethod('create-stemcell')
const deleteStemcell = testsOfMethod('delete-stemcell')
const createVm = testsOfMethod('create-vm')
const settings = testsOfMethod('create-vm/agent-settings')
const server = testsOfMethod('create-vm/server')
const anyRequest = testsOfMethod('create-vm/rollback')
const deleteVm = testsOfMethod('delete-vm')
const hasVm = testsOfMethod('has-vm')
const rebootVm = testsOfMethod('reboot-vm')
const setVmMetadata = testsOfMethod('set-vm-metadata')
const flavors = testsOfPlan('flavor-choice')
const calculate = testsOfMethod('calculate-vm-cloud-properties')
const planted = testsOf('tooling/fault-matrix/suite/planted-faults.test.ts')
const lifeCycle = testsOf('tooling/e2e/suite/life-cycle.test.ts')

/** §6 to §6.9 of the CPI contract. */
export const stemcellsAndVms: SpecRules = {
  '6': [
    { rule: 'All methods of the contract are known.', tests: [dispatcher('§6 %s is a method of the contract')] },
    {
      rule: 'Any other method is `NotImplemented`.',
      tests: [dispatcher('§13.2 an unknown method is refused before any configuration is read')],
    },
    {
      rule: 'Deleting what is gone is a success.',
      tests: [
        lifeCycle('each step leaves the cloud in the state BOSH was told'),
        contract('§6.5, §6.6 has_vm follows the VM, and deleting it again is a success'),
        diskContract('§6.10 to §6.12 has_disk follows the disk, and deleting it again is a success'),
      ],
    },
    {
      rule: 'A deletion that may not have happened is an error.',
      tests: [
        planted('the matrix finds a driver that takes a failure for a success'),
        anyRequest('of delete_vm, number %i: gone, or gone when repeated'),
        testsOfMethod('delete-disk')('a deletion that fails is told'),
      ],
    },
    {
      rule: 'A creation that fails leaves nothing of what it made.',
      tests: [
        contract('§6 a create_vm that fails leaves nothing behind'),
        anyRequest('of create_vm, number %i: a VM or nothing'),
        planted('the matrix finds a driver that forgets to undo'),
      ],
    },
    {
      rule: 'A call returns only when the cloud is in the state that it promises.',
      tests: [
        lifeCycle('each step leaves the cloud in the state BOSH was told'),
        planted('the matrix finds a driver that loses the server when a wait ends'),
      ],
    },
    {
      rule: 'Methods without a value answer null.',
      tests: [dispatcher('§13.12 shrinking is NotSupported, and "no value" is null')],
    },
  ],
  '6.1': [
    {
      rule: 'The answer is the version and the stemcell formats: raw, qcow2 and light.',
      tests: [
        rpc('is answered with %s'),
        dispatcher('§5, §6.1, §13.3 info needs no driver, and tells its version to every caller'),
      ],
    },
  ],
  '6.2': [
    {
      rule: 'The file at the path becomes an image, whose id is the CID.',
      tests: [
        contract('§6.2, §6.3 a stemcell is made and deleted, and deleting it again is a success'),
        createStemcell('the root image becomes a private, active image with name, formats and properties'),
      ],
    },
    {
      rule: 'An empty file and cloud properties that name an image make a light stemcell.',
      tests: [createStemcell('are checked and told apart by their CID; their image is not touched')],
    },
    {
      rule: 'The file is read only: the caller deletes it.',
      tests: [
        testsOf('packages/openstack-driver/src/stemcell/root-image.test.ts')('the archive is left as it was'),
        createStemcell('contract §6.2: each call makes an image of its own'),
      ],
    },
    {
      rule: 'Null in place of the cloud properties counts as none.',
      tests: [dispatcher('§13.6 null stands for an empty env, disk list and cloud properties')],
    },
    {
      rule: 'The tags of a version 3 caller reach the image.',
      tests: [
        contract('§6.2 create_stemcell takes the tags of API version 3'),
        createStemcell('the director that made it and its tags can be told from the image'),
      ],
    },
    {
      rule: 'Two calls make two images.',
      tests: [createStemcell('contract §6.2: each call makes an image of its own')],
    },
    {
      rule: 'After a failure no part of an image stays.',
      tests: [
        createStemcell("twice in vain: the error names the cloud's answer, nothing is left"),
        createStemcell('of one %s the image is removed, and nobody tries again'),
      ],
    },
  ],
  '6.3': [
    {
      rule: 'The image is deleted, and null is answered.',
      tests: [
        deleteStemcell('removes the image, in a login and a request'),
        contract('§6.2, §6.3 a stemcell is made and deleted, and deleting it again is a success'),
      ],
    },
    {
      rule: 'A missing image is a success.',
      tests: [
        deleteStemcell('a missing image is a success'),
        contract('§6.3 deleting a stemcell that never was is a success'),
      ],
    },
    {
      rule: "A light stemcell's image is not deleted.",
      tests: [
        deleteStemcell("a light stemcell's image is the operator's and stays"),
        lifeCycle('a light stemcell points at an image and never deletes it'),
      ],
    },
  ],
  '6.4': [
    {
      rule: "The agent's id reaches its settings.",
      tests: [createVm('contract §8.2, contract §8.3: the agent finds its settings in both places, its env unchanged')],
    },
    {
      rule: 'An empty agent id, or arguments of wrong types, are refused before anything is made.',
      tests: [dispatcher('%s %j is an InvalidCall')],
    },
    {
      rule: 'The CIDs of disks are a hint for the placement only; the disks are not attached.',
      tests: [
        settings('contract §6.4: the disks that a VM will get are not attached by create_vm'),
        createVm('stays in the zone of the disks it will get (§6.8)'),
      ],
    },
    {
      rule: 'Null in place of `env` or of the disks counts as none.',
      tests: [dispatcher('§13.6 null stands for an empty env, disk list and cloud properties')],
    },
    {
      rule: 'The answer is the CID and the networks of the request, with what was learned, such as the MAC.',
      tests: [
        contract('§6.4 create_vm answers the CID and the networks it was given, completed'),
        createVm("the answer has the networks with the port's MAC, the agent's settings have it too"),
      ],
    },
    {
      rule: 'A caller of version 1 gets the CID alone.',
      tests: [contract('§5 create_vm answers the bare CID to API version 1')],
    },
    {
      rule: 'The VM is powered on and has its networks when the call returns.',
      tests: [
        createVm('makes an active server with key pair, group, port and metadata'),
        server('in time: it is removed although it is still building, and may be retried'),
      ],
    },
    {
      rule: 'After any failure VM, ports, volumes and memberships are removed, and the failure is raised.',
      tests: [
        anyRequest('of create_vm, number %i: a VM or nothing'),
        contract('§6 a create_vm that fails leaves nothing behind'),
      ],
    },
    {
      rule: 'A failure that may pass is to be retried.',
      tests: [
        createVm('no valid host: to be retried'),
        server('for the fault "%s": worth a retry: %s'),
        server('because POST /servers answers %i: worth a retry: %s'),
      ],
    },
    {
      rule: 'What cannot succeed (a bad flavor, a quota, a missing network) is not to be retried.',
      tests: [
        createVm('%s, before anything is made'),
        createVm('a quota of %s: at once and for good'),
        createVm('a network that is a subnet'),
      ],
    },
  ],
  '6.5': [
    {
      rule: 'The call returns when the VM is really gone, its address free for the next.',
      tests: [
        deleteVm('removes the server and its port, and returns when both are gone'),
        contract('§6.5, §6.6 has_vm follows the VM, and deleting it again is a success'),
      ],
    },
    {
      rule: 'Persistent disks that are still attached survive and can be attached elsewhere.',
      tests: [
        diskContract('§6.5 a persistent disk survives its VM and can be attached to the next'),
        deleteVm('persistent disks survive and are free to be attached elsewhere'),
      ],
    },
    {
      rule: 'A missing VM is a success.',
      tests: [deleteVm('repeated, and for a VM that never was: a success')],
    },
    {
      rule: 'What is left of a VM that is missing is removed.',
      tests: [
        deleteVm('a server that is gone although its port still names it: the port goes'),
        deleteVm('a port that could not be deleted is found by the repeated call, though its server is gone'),
      ],
    },
  ],
  '6.6': [
    { rule: 'True in every state but deleted.', tests: [hasVm('a server that is %s is there: %s')] },
    {
      rule: 'A cloud that fails or cannot be reached is an error, never false.',
      tests: [
        hasVm('a cloud that cannot tell is no "false"'),
        hasVm('nor is a Keystone that is not where auth_url says'),
      ],
    },
    {
      rule: 'A driver that answers neither yes nor no is an error.',
      tests: [dispatcher('an answer nobody could use, from a driver without types, is an error')],
    },
  ],
  '6.7': [
    {
      rule: 'A running VM is started anew.',
      tests: [rebootVm('an active server is rebooted softly, and is active and idle afterwards')],
    },
    {
      rule: 'A VM that is off, paused, in error or hung gets running.',
      tests: [
        rebootVm('a server that is %s gets running'),
        rebootVm('a guest that does not follow within %i s is rebooted hard'),
      ],
    },
    {
      rule: 'A missing VM is `VMNotFound`.',
      tests: [contract('§6.7 reboot_vm answers null for a VM and VMNotFound for none'), rebootVm('a missing server')],
    },
  ],
  '6.8': [
    {
      rule: 'The metadata is on the VM; what others wrote there stays.',
      tests: [setVmMetadata('merges, and adapts what Nova would refuse')],
    },
    {
      rule: 'No key has to be there.',
      tests: [
        setVmMetadata('contract §6.8: no key is relied on, and a VM of which nothing is said keeps its name'),
        testsOfPlan('server-names')('§7.8 a human name from %s'),
      ],
    },
    {
      rule: 'Values that are no texts are converted, null is skipped.',
      tests: [
        contract('§6.8 set_vm_metadata takes values of any kind and length'),
        testsOfPlan('server-metadata')('other types as text'),
        testsOfPlan('server-metadata')('no null'),
      ],
    },
    {
      rule: 'What the cloud would refuse is cut or replaced: the call does not fail for it.',
      tests: [
        testsOfPlan('server-metadata')('property: Nova takes whatever comes out'),
        setVmMetadata("beyond the quota of items the operator's tags give way"),
        setVmMetadata('ports and boot volume that cannot be described are warnings only'),
      ],
    },
  ],
  '6.9': [
    {
      rule: 'All three resources are required; those that are missing are named.',
      tests: [dispatcher('§6.9 the resources %j lack all these at once: %s')],
    },
    {
      rule: 'The answer gives at least what was asked for, by the smallest flavor.',
      tests: [
        flavors('property: what is chosen gives at least what is wanted and passes create_vm'),
        flavors('the fewest CPUs'),
        calculate('the smallest flavor, in one request'),
      ],
    },
    {
      rule: 'The answer has only keys that `create_vm` understands, and is taken by it.',
      tests: [flavors('property: what is chosen gives at least what is wanted and passes create_vm')],
    },
    {
      rule: 'When nothing fits an error is raised.',
      tests: [calculate('none: lists all flavors, the small ones too')],
    },
  ],
}
