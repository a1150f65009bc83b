import type { SpecRules } from './rule.ts'
import { testsOfMethod, testsOfPlan } from './tests-of.ts'

const plan = testsOfPlan('disk-plan')
const create = testsOfMethod('create-disk')
const remove = testsOfMethod('delete-disk')
const has = testsOfMethod('has-disk')
const attach = testsOfMethod('attach-disk')
const device = testsOfMethod('attach-disk-device')
const detach = testsOfMethod('detach-disk')
const resize = testsOfMethod('resize-disk')
const update = testsOfMethod('update-disk')
const describe = testsOfMethod('set-disk-metadata')
const list = testsOfMethod('get-disks')
const snapshot = testsOfMethod('snapshot-disk')
const snapshotPlan = testsOfPlan('snapshot-metadata')
const removeSnapshot = testsOfMethod('delete-snapshot')
const marks = testsOfMethod('creation-marks')
const hint = testsOfPlan('disk-hint')

/** §7.10 to §7.20 of the driver's specification. */
export const disks: SpecRules = {
  '7.10': [
    { rule: 'A size that is no whole number of MiB is refused.', tests: [plan('%d is no size')] },
    {
      rule: 'A size below 1024 MiB is refused, without a request.',
      tests: [plan('%i MiB are too few'), create('%j is refused without a request')],
    },
    {
      rule: 'MiB are rounded up to whole GiB.',
      tests: [plan('%i MiB are %i GiB'), plan('never less than asked for, never a whole GiB more')],
    },
    {
      rule: 'The volume has a unique name and an empty description; the call returns when it is available.',
      tests: [create('makes an available volume of the rounded-up size with a unique name')],
    },
    {
      rule: "The volume has the disk type's volume type and zone, else the configured type.",
      tests: [create('§5.3 type and zone of the disk type; else the configured type')],
    },
    {
      rule: 'Without a zone of its own a disk is made in the zone of the VM that will use it, unless the configuration has the zones of servers ignored.',
      tests: [
        create("§6.8 the zone of the VM that will use it; the disk type's wins, and the configuration can forbid it"),
      ],
    },
    {
      rule: 'A VM that is gone gives no zone, and is no failure.',
      tests: [create('contract §6.10: a VM that is gone is no hint, and no failure')],
    },
    {
      rule: 'A volume that does not become available is deleted, also when the call is told to end or the volume cannot be read.',
      tests: [
        create('a volume that ends in error is removed'),
        create('a call that is told to end removes its volume'),
        create('a volume that cannot be read is removed all the same'),
      ],
    },
    {
      rule: 'A quota that is used up is NoDiskSpace, not to be retried, and no volume is left.',
      tests: [create('a used-up quota: NoDiskSpace at once, not to be retried')],
    },
    {
      rule: 'The volume carries its metadata from its creation on, unless tag_resources is false.',
      tests: [
        create('tells whose it is from the start, unless tag_resources is false'),
        marks('a disk, and nothing that is said of it later makes it unfinished'),
      ],
    },
  ],
  '7.11': [
    {
      rule: 'A missing volume is a success; what is no id needs no request.',
      tests: [remove('a missing disk is a success, and what is no id needs no request')],
    },
    {
      rule: 'The call returns when Cinder knows the volume no more.',
      tests: [remove('returns when the volume is gone'), remove('one that takes for ever times out')],
    },
    {
      rule: 'A volume in another state is kept, and the message has its state.',
      tests: [
        remove('state %s: refused, with the state as the reason'),
        remove('a disk that a server has is refused, and stays attached'),
      ],
    },
    {
      rule: 'A detachment that is under way is waited for, then the volume is deleted.',
      tests: [remove('a detachment that is under way is waited for')],
    },
    {
      rule: 'A deletion that is under way is waited for, also after a lost answer.',
      tests: [
        remove('a deletion that is under way already is waited for'),
        remove('§3.5 a lost answer to the deletion: the repetition finds it under way'),
      ],
    },
    {
      rule: 'A volume in an error state is deleted; where Cinder refuses that, as for error_deleting, its words are told.',
      tests: [
        remove('state %s: deleted'),
        remove('state error_deleting: Cinder is asked all the same, and what it says is told'),
      ],
    },
    {
      rule: 'Snapshots that depend on the volume are named in the message.',
      tests: [remove('snapshots that depend on it are named')],
    },
    {
      rule: 'A deletion that ends in an error state is a failure.',
      tests: [remove('a deletion that fails is told')],
    },
  ],
  '7.12': [
    {
      rule: 'True when Cinder shows the volume, false when it answers 404, false without a request for what is no id.',
      tests: [has('true, false, and false for what is no id')],
    },
    {
      rule: 'Any other answer is a failure, neither true nor false.',
      tests: [has('when the cloud cannot tell, neither can we')],
    },
  ],
  '7.13': [
    {
      rule: 'No device is asked for.',
      tests: [attach('takes a login, a look and one request before it polls; no device is asked for')],
    },
    {
      rule: 'A cloud that refuses an attachment without a device gets the computed one.',
      tests: [device('an old cloud that demands a device gets the computed one')],
    },
    {
      rule: "The call returns when the volume is in use, with the device that Nova reports, not with Cinder's record of it.",
      tests: [
        attach("returns when the disk is attached, with Nova's device as the hint"),
        device("libvirt's name counts, not Cinder's record"),
      ],
    },
    {
      rule: "The hint of a virtio disk is the link /dev/disk/by-id/virtio- with the first 20 characters of the volume's id; that of others is spelt /dev/sd and a letter.",
      tests: [
        hint('§7.13 device %j becomes the hint %j'),
        device('contract §8.2 attach_disk names the volume, not the letter that Nova counted'),
      ],
    },
    {
      rule: 'The hint is the same when the disk is attached already, after update_disk, and on another VM.',
      tests: [
        device('the hint is the same when the disk is attached already, whoever attached it'),
        device('the hint is the same after update_disk and on another VM'),
      ],
    },
    {
      rule: "Where Nova names no device, Cinder's record counts; where that names none either, the letter is computed.",
      tests: [
        device("where Nova names no device, Cinder's record of it counts"),
        device('goes by what Nova says of the server: %s'),
      ],
    },
    {
      rule: 'A volume that this server has already gives the same hint, and nothing is asked for.',
      tests: [attach('attached already: the same hint, nothing is asked for')],
    },
    {
      rule: 'An attachment to this server that is under way (reserved, attaching) is waited for.',
      tests: [attach('an attachment to this VM that is under way, reserved or attaching, is waited for')],
    },
    {
      rule: 'A volume that is being created or detached is waited for.',
      tests: [
        attach('a volume that is still being created is waited for'),
        attach('a disk that is still being detached elsewhere is waited for'),
      ],
    },
    {
      rule: 'A volume of another server is refused, and the message names that server.',
      tests: [attach('a disk of another server: refused, naming it')],
    },
    {
      rule: 'A volume that may have several servers is attached to a further one.',
      tests: [attach('a disk that may have several servers')],
    },
    {
      rule: 'A volume in an error state or one nobody can attach is refused, without a request.',
      tests: [attach('a disk in state %s: refused')],
    },
    {
      rule: 'A hypervisor that gives the volume back is a CloudError.',
      tests: [attach('a hypervisor that refuses')],
    },
    {
      rule: 'A missing volume is DiskNotFound, a missing server VMNotFound.',
      tests: [attach('a missing disk and a missing VM')],
    },
    {
      rule: 'An attachment whose wait fails is taken back, also when its answer was lost or the call is told to end.',
      tests: [
        attach('an attachment that comes too late is taken back'),
        attach('a call that is told to end'),
        attach('§3.5 an attachment whose answer was lost and that comes too late is taken back'),
      ],
    },
  ],
  '7.14': [
    {
      rule: 'A missing server is an error; when another server has the volume the message names that one.',
      tests: [
        detach('contract §6.14: a missing VM, when the disk is gone or free'),
        detach('contract §6.14: a missing VM, when another one has the disk'),
      ],
    },
    {
      rule: 'A missing volume is a success, and the log tells.',
      tests: [detach('contract §6.14: a missing disk is a success')],
    },
    {
      rule: 'A volume that is not attached to this server is a success, the log tells, and another server keeps it.',
      tests: [
        detach('not attached: Nova refuses, a look tells why: success'),
        detach('attached to another server: success, and it stays there'),
      ],
    },
    {
      rule: 'An attached volume is detached, and the call returns when it is available.',
      tests: [detach('returns when the disk can be attached elsewhere')],
    },
    {
      rule: 'Where Nova refuses (404, 409) the driver looks again, and asks again for a volume that is still attached.',
      tests: [
        detach('§3.5 a server with another task is asked again'),
        detach('§3.5 a lost answer: the repetition is refused, and the disk is waited for'),
        detach('a detachment that Nova has forgotten and Cinder not yet is waited for'),
      ],
    },
    {
      rule: 'At the time-out the message says that the guest may not have released the device.',
      tests: [
        detach('a guest that never lets go: the time-out says so'),
        detach('a guest that kept the device is asked again'),
      ],
    },
  ],
  '7.15': [
    {
      rule: 'An equal size in GiB changes nothing.',
      tests: [resize('the same size in GiB: success without a change'), plan('equal in GiB: nothing to do')],
    },
    {
      rule: 'A smaller size is NotSupported, for which the director copies the disk.',
      tests: [resize('smaller: NotSupported, so that the director copies')],
    },
    {
      rule: 'A volume that is attached, by its state or by a record of an attachment, is refused before anything is asked.',
      tests: [
        resize('an attached disk: refused before anything is asked'),
        resize('a disk that Cinder calls available though it records an attachment: refused, naming the server'),
      ],
    },
    {
      rule: 'A bigger size extends the volume; the call returns when it is available with that size.',
      tests: [
        resize('extends the volume and returns when it has the new size'),
        resize('an extension that Cinder gives up: the size is checked, not only the state'),
      ],
    },
    { rule: 'error_extending is a failure.', tests: [resize('an extension that fails')] },
    { rule: 'A missing volume is DiskNotFound.', tests: [resize('a missing disk')] },
    {
      rule: 'A quota that is used up is NoDiskSpace, not to be retried.',
      tests: [resize('a used-up quota: NoDiskSpace, the disk as before')],
    },
  ],
  '7.16': [
    {
      rule: 'An attached volume is refused, a missing one is DiskNotFound.',
      tests: [update('an unknown type, a missing disk, an attached one')],
    },
    {
      rule: 'A smaller size and another zone are NotSupported, before anything is changed.',
      tests: [update('%s: NotSupported before anything is changed')],
    },
    {
      rule: 'The type is changed first (migration on demand), then the size; the disk keeps its CID.',
      tests: [update('changes the type, then the size, in place')],
    },
    {
      rule: 'The wanted type is that of the disk type, else the configured one; none changes nothing.',
      tests: [update('the configured type counts when the disk type has none')],
    },
    {
      rule: 'An equal type, by name or id, changes nothing.',
      tests: [update('nothing to change: one look'), update('a type may be given by its id')],
    },
    {
      rule: 'A volume that has its old type after the retype is a failure.',
      tests: [update('a retype that leaves the old type is a failure')],
    },
    {
      rule: 'A retype that Cinder refuses (400, 403) is NotSupported, and the size is as before.',
      tests: [update('a refused retype (%i): NotSupported, and the size is as before')],
    },
    {
      rule: 'What is refused after the retype is not NotSupported.',
      tests: [update('an extension that is refused after the retype is no NotSupported: something was changed')],
    },
    {
      rule: 'A retype may take twelve times state_timeout.',
      tests: [update('a retype may take twelve times as long as other changes')],
    },
  ],
  '7.17': [
    {
      rule: 'A missing volume is DiskNotFound, also with nothing to set.',
      tests: [describe('a missing disk, also with nothing to set')],
    },
    {
      rule: 'Metadata is merged into what the volume has, and values are cut to 255 characters.',
      tests: [describe('merges with what is there, adapted to what Cinder takes, in one request')],
    },
  ],
  '7.18': [
    {
      rule: 'All attached volumes, none as an empty list.',
      tests: [list('the attached disks, in one look'), list('none: an empty list')],
    },
    {
      rule: 'The boot volume, which goes with the server, is left out at whatever device it is.',
      tests: [
        list('without the boot volume %s'),
        list('the boot volume is known at any device, such as that of an IDE bus'),
      ],
    },
    {
      rule: 'Where no volume goes with the server, or Nova cannot tell, the one at the root device is left out.',
      tests: [list('that stays when the server goes: the one at the root device')],
    },
    {
      rule: 'A server that booted from an image has no boot volume, whatever the devices.',
      tests: [list('a disk counts wherever it sits, when the server does not boot from a volume')],
    },
    { rule: 'A missing server is VMNotFound.', tests: [list('a missing VM')] },
  ],
  '7.19': [
    {
      rule: 'The call returns when the snapshot is available; name, description and metadata are there.',
      tests: [snapshot('makes an available snapshot that says what it is of')],
    },
    { rule: 'A volume in use is snapshot as well.', tests: [snapshot('also of a volume in use')] },
    {
      rule: "The description is deployment/job/index, and of an attached disk its device's last part; missing parts are left out.",
      tests: [
        snapshot('of an attached disk the description ends with its device'),
        snapshotPlan('§7.19 description of a snapshot'),
      ],
    },
    {
      rule: 'director_name, index and job become director, instance_index and instance_name; the originals are gone.',
      tests: [snapshotPlan('names as on volumes, the three originals gone')],
    },
    {
      rule: 'Missing parts of the metadata are left out.',
      tests: [snapshotPlan('missing parts are skipped: %j')],
    },
    {
      rule: 'The metadata is sent with the creation.',
      tests: [snapshot('takes a login, a look and one request before it polls'), marks('a snapshot')],
    },
    {
      rule: 'A snapshot whose wait fails is deleted.',
      tests: [snapshot('one that ends in error is removed'), snapshot('a call that is told to end removes it')],
    },
    { rule: 'A missing volume is DiskNotFound.', tests: [snapshot('a missing disk')] },
  ],
  '7.20': [
    {
      rule: 'The call returns when the snapshot is gone; a missing one is a success.',
      tests: [removeSnapshot('returns when it is gone; a missing one is a success')],
    },
    {
      rule: 'A snapshot that is available or in error is deleted; one in another state is kept, and the message has its state.',
      tests: [removeSnapshot('one in error is deleted, one in use otherwise is not')],
    },
    { rule: 'A deletion that fails is told.', tests: [removeSnapshot('a deletion that fails')] },
  ],
}
