import type { SpecRules } from './rule.ts'
import { testsOf, testsOfMethod, testsOfPlan } from './tests-of.ts'

const dispatcher = testsOf('packages/cpi-core/src/dispatch/dispatcher.test.ts')
const contract = testsOf('packages/cpi-core/src/testing/disk-contract.ts')
const plan = testsOfPlan('disk-plan')
const create = testsOfMethod('create-disk')
const remove = testsOfMethod('delete-disk')
const has = testsOfMethod('has-disk')
const attach = testsOfMethod('attach-disk')
const detach = testsOfMethod('detach-disk')
const resize = testsOfMethod('resize-disk')
const update = testsOfMethod('update-disk')
const describe = testsOfMethod('set-disk-metadata')
const list = testsOfMethod('get-disks')
const snapshot = testsOfMethod('snapshot-disk')
const snapshotPlan = testsOfPlan('snapshot-metadata')
const removeSnapshot = testsOfMethod('delete-snapshot')

/** §6.10 to §6.20 of the CPI contract. */
export const disksAndSnapshots: SpecRules = {
  '6.10': [
    {
      rule: "The size is rounded up to the cloud's unit.",
      tests: [
        plan('never less than asked for, never a whole GiB more'),
        create('makes an available volume of the rounded-up size with a unique name'),
      ],
    },
    {
      rule: 'The disk type decides about type and zone.',
      tests: [create('§5.3 type and zone of the disk type; else the configured type')],
    },
    {
      rule: 'The VM is a hint where the disk will be used.',
      tests: [
        create("§6.8 the zone of the VM that will use it; the disk type's wins, and the configuration can forbid it"),
      ],
    },
    {
      rule: 'The disk is free and ready when the call returns.',
      tests: [create('makes an available volume of the rounded-up size with a unique name')],
    },
    {
      rule: 'The hint may be null, and a VM that is gone is none: the disk is made.',
      tests: [
        create('contract §6.10: a VM that is gone is no hint, and no failure'),
        contract('§6.10 a disk is made even if the VM it should be near is gone'),
      ],
    },
    {
      rule: 'An empty CID is never answered.',
      tests: [dispatcher('an answer nobody could use, from a driver without types, is an error')],
    },
    {
      rule: 'A disk that does not get ready is removed.',
      tests: [
        create('a volume that ends in error is removed'),
        create('a call that is told to end removes its volume'),
      ],
    },
  ],
  '6.11': [
    {
      rule: 'The disk is gone when the call returns.',
      tests: [
        remove('returns when the volume is gone'),
        contract('§6.10 to §6.12 has_disk follows the disk, and deleting it again is a success'),
      ],
    },
    {
      rule: 'A missing disk is a success.',
      tests: [remove('a missing disk is a success, and what is no id needs no request')],
    },
    {
      rule: 'A disk in use is refused, and stays.',
      tests: [
        contract('§6.11 a disk in use is not deleted'),
        remove('a disk that a server has is refused, and stays attached'),
      ],
    },
  ],
  '6.12': [
    {
      rule: 'True while the disk exists, false when it does not.',
      tests: [
        has('true, false, and false for what is no id'),
        contract('§6.10 to §6.12 has_disk follows the disk, and deleting it again is a success'),
      ],
    },
    { rule: 'A cloud that cannot tell is an error.', tests: [has('when the cloud cannot tell, neither can we')] },
  ],
  '6.13': [
    {
      rule: 'A disk that this VM has already gives the same hint.',
      tests: [
        contract('§6.13, §6.14 attaching and detaching twice changes nothing; the hint stays the same'),
        attach('attached already: the same hint, nothing is asked for'),
      ],
    },
    {
      rule: 'A disk of another VM is refused.',
      tests: [
        contract('§6.13 a disk on one VM is refused by another'),
        attach('a disk of another server: refused, naming it'),
      ],
    },
    {
      rule: 'The hint is never null or empty.',
      tests: [
        dispatcher('an empty hint (%j) is an error'),
        contract('§6.13, §6.14 attaching and detaching twice changes nothing; the hint stays the same'),
      ],
    },
    {
      rule: 'A caller of version 1 gets null.',
      tests: [dispatcher('create_vm and attach_disk')],
    },
    {
      rule: 'A VM may have several disks at once, each with a hint of its own.',
      tests: [
        contract('§6.13 two disks on one VM get different hints'),
        attach('the second disk gets the next letter'),
      ],
    },
    {
      rule: 'A missing disk is `DiskNotFound`, a missing VM `VMNotFound`.',
      tests: [
        contract('§6.13, §6.14 missing VMs and disks have their own error types'),
        attach('a missing disk and a missing VM'),
      ],
    },
    {
      rule: 'The hint is the path of the device, as a text.',
      tests: [attach("returns when the disk is attached, with Nova's device as the hint")],
    },
  ],
  '6.14': [
    {
      rule: 'The disk can be attached elsewhere when the call returns.',
      tests: [detach('returns when the disk can be attached elsewhere')],
    },
    {
      rule: 'A disk that is not attached to this VM is a success; where another VM has it, it stays there.',
      tests: [
        detach('not attached: Nova refuses, a look tells why: success'),
        detach('attached to another server: success, and it stays there'),
        contract('§6.13, §6.14 attaching and detaching twice changes nothing; the hint stays the same'),
      ],
    },
    { rule: 'A missing disk is a success.', tests: [detach('contract §6.14: a missing disk is a success')] },
    {
      rule: 'A missing VM is `VMNotFound` if the disk is gone or free.',
      tests: [detach('contract §6.14: a missing VM, when the disk is gone or free')],
    },
    {
      rule: 'A missing VM whose disk another one has is an error of another type.',
      tests: [detach('contract §6.14: a missing VM, when another one has the disk')],
    },
  ],
  '6.15': [
    {
      rule: 'The disk grows to the new size.',
      tests: [
        resize('extends the volume and returns when it has the new size'),
        contract('§6.15 resize_disk grows, accepts the same size, and answers NotSupported to shrinking'),
      ],
    },
    {
      rule: 'The same size is a success without a change.',
      tests: [resize('the same size in GiB: success without a change')],
    },
    {
      rule: 'A smaller size is `NotSupported`.',
      tests: [
        resize('smaller: NotSupported, so that the director copies'),
        contract('§6.15 resize_disk grows, accepts the same size, and answers NotSupported to shrinking'),
      ],
    },
    {
      rule: 'A disk that is attached is refused.',
      tests: [resize('an attached disk: refused before anything is asked')],
    },
  ],
  '6.16': [
    {
      rule: 'Type and size are changed in place; the answer is null, or the CID as before.',
      tests: [
        update('changes the type, then the size, in place'),
        contract('§6.16 update_disk with nothing to change keeps the disk'),
      ],
    },
    {
      rule: 'What cannot be done without a copy is `NotSupported`, and nothing is changed.',
      tests: [
        update('%s: NotSupported before anything is changed'),
        update('a refused retype (%i): NotSupported, and the size is as before'),
      ],
    },
    {
      rule: 'A failure after the first change is not `NotSupported`.',
      tests: [update('an extension that is refused after the retype is no NotSupported: something was changed')],
    },
    {
      rule: 'Nothing is done when size and properties are so already.',
      tests: [
        update('nothing to change: one look'),
        contract('§6.16 update_disk with nothing to change keeps the disk'),
      ],
    },
    {
      rule: 'A disk that is attached is refused, a missing one is `DiskNotFound`.',
      tests: [update('an unknown type, a missing disk, an attached one')],
    },
  ],
  '6.17': [
    {
      rule: 'The metadata is merged into what the disk has.',
      tests: [describe('merges with what is there, adapted to what Cinder takes, in one request')],
    },
    {
      rule: 'Values of other kinds are taken; a missing disk is `DiskNotFound`.',
      tests: [
        contract('§6.17 set_disk_metadata answers null for a disk and DiskNotFound for none'),
        describe('a missing disk, also with nothing to set'),
      ],
    },
  ],
  '6.18': [
    {
      rule: 'The CIDs of all attached disks; an empty list if there are none.',
      tests: [contract('§6.18 get_disks names the persistent disks of a VM'), list('none: an empty list')],
    },
    { rule: 'The boot volume is none of them.', tests: [list('without the boot volume %s')] },
    { rule: 'A missing VM is `VMNotFound`.', tests: [list('a missing VM')] },
  ],
  '6.19': [
    {
      rule: 'A snapshot is made, also of a disk in use.',
      tests: [
        contract('§6.19, §6.20 a snapshot is made and deleted, and deleting it again is a success'),
        snapshot('also of a volume in use'),
      ],
    },
    {
      rule: 'The metadata reaches the snapshot, the index as a text.',
      tests: [
        snapshot('makes an available snapshot that says what it is of'),
        snapshotPlan('names as on volumes, the three originals gone'),
      ],
    },
    {
      rule: "Any key may be missing, as in the director's snapshot of itself.",
      tests: [snapshotPlan('missing parts are skipped: %j'), snapshotPlan('a self snapshot')],
    },
    {
      rule: 'A missing disk is `DiskNotFound`.',
      tests: [contract('§6.19 a snapshot of no disk is DiskNotFound'), snapshot('a missing disk')],
    },
  ],
  '6.20': [
    {
      rule: 'The snapshot is gone when the call returns; a missing one is a success.',
      tests: [
        removeSnapshot('returns when it is gone; a missing one is a success'),
        contract('§6.19, §6.20 a snapshot is made and deleted, and deleting it again is a success'),
      ],
    },
    { rule: 'A deletion that fails is an error.', tests: [removeSnapshot('a deletion that fails')] },
  ],
}
