import type { SpecRules } from './rule.ts'

const driver = 'packages/openstack-driver'
const methods = `${driver}/src/methods`
const planning = `${driver}/src/planning`
const stepOrder = `${methods}/create-vm/step-order.test.ts`
const memberships = `${methods}/create-vm/pool-memberships.test.ts`
const serverMetadata = `${planning}/server-metadata.test.ts`
const serverNames = `${planning}/server-names.test.ts`
const deleteVm = `${methods}/delete-vm.test.ts`
const hasVm = `${methods}/has-vm.test.ts`
const rebootVm = `${methods}/reboot-vm.test.ts`
const setVmMetadata = `${methods}/set-vm-metadata.test.ts`
const flavorChoice = `${planning}/flavor-choice.test.ts`
const calculate = `${methods}/calculate-vm-cloud-properties.test.ts`
const compatibility = `${driver}/test/compatibility.test.ts`

/** §7.5 to §7.9 of the driver's specification. */
export const vmRules: SpecRules = {
  '7.5': [
    {
      rule: 'A VM that is gone, or never was, is a success.',
      tests: [`${deleteVm} › repeated, and for a VM that never was: a success`],
    },
    {
      rule: 'Ports are looked for before the server is deleted, for afterwards nothing leads to them.',
      tests: [`${deleteVm} › removes the server and its port, and returns when both are gone`],
    },
    {
      rule: 'The VM leaves its pools before the server is deleted.',
      tests: [
        `${stepOrder} › §7.5 delete_vm takes the VM out of its pools first, and its ports only when the server is gone`,
      ],
    },
    {
      rule: 'A membership that cannot be removed keeps neither server nor later steps: its error is told at the end.',
      tests: [
        `${memberships} › a membership that could not be removed: the server goes, its port stays until the repeated call succeeds`,
      ],
    },
    {
      rule: 'The server is deleted and waited for; ports go only then.',
      tests: [
        `${stepOrder} › §7.5 delete_vm takes the VM out of its pools first, and its ports only when the server is gone`,
        `${deleteVm} › a wait that fails leaves the ports to be found by the next call`,
      ],
    },
    {
      rule: 'Each port is deleted, and one that is gone already or cannot go keeps no other.',
      tests: [
        `${deleteVm} › one port in the way does not keep the other from going; both failures are told`,
        `${deleteVm} › a VM on a dynamic network`,
      ],
    },
    {
      rule: 'All errors are raised together, each with the step it came from.',
      tests: [
        `${deleteVm} › one port in the way does not keep the other from going; both failures are told`,
        `${deleteVm} › a wait that fails leaves the ports to be found by the next call`,
        `${memberships} › a membership that could not be removed: the server goes, its port stays until the repeated call succeeds`,
      ],
    },
    {
      rule: 'When the server is gone, ports that still name it are deleted.',
      tests: [`${deleteVm} › a server that is gone although its port still names it: the port goes`],
    },
    {
      rule: 'When the server is gone, ports made for it are found by their tag and deleted.',
      tests: [
        `${deleteVm} › a port that could not be deleted is found by the repeated call, though its server is gone`,
        `${deleteVm} › a server whose ports Nova has let go of already: they are found by their tag`,
      ],
    },
    {
      rule: 'Persistent disks survive, and are free when the call returns.',
      tests: [
        `${deleteVm} › persistent disks survive and are free to be attached elsewhere`,
        `${deleteVm} › a persistent disk that stays %s for a while is waited for`,
      ],
    },
    {
      rule: 'A disk that is never let go of is told; the rest is removed all the same.',
      tests: [
        `${deleteVm} › a persistent disk that is never let go of is told; the server and its port are gone all the same`,
      ],
    },
    {
      rule: 'The boot volume goes with the server.',
      tests: [`${deleteVm} › the boot volume goes with the server`],
    },
    {
      rule: 'A locked server is told as such, and keeps its ports.',
      tests: [`${deleteVm} › a locked server: says so, and keeps its ports`],
    },
    {
      rule: "Ports of somebody else's service at the server are left alone.",
      tests: [`${deleteVm} › ports that somebody else's service bound to the server stay`],
    },
  ],
  '7.6': [
    {
      rule: 'A missing server: false.',
      tests: [`${hasVm} › true while there is a server, in whatever state`],
    },
    {
      rule: 'A server that is deleted, softly too, or terminated: false.',
      tests: [`${hasVm} › a server that is %s is there: %s`],
    },
    {
      rule: 'Any other state, `ERROR` included: true.',
      tests: [`${hasVm} › a server that is %s is there: %s`],
    },
    {
      rule: 'A CID that is no UUID: false, without a request.',
      tests: [`${hasVm} › no request for what can be no id`],
    },
    {
      rule: 'A cloud that cannot tell is an error, never false.',
      tests: [
        `${hasVm} › a cloud that cannot tell is no "false"`,
        `${hasVm} › nor is a Keystone that is not where auth_url says`,
      ],
    },
  ],
  '7.7': [
    {
      rule: 'A missing server is `VMNotFound`.',
      tests: [`${rebootVm} › a missing server`],
    },
    {
      rule: 'An active server is rebooted softly, and waited for until it is active again.',
      tests: [`${rebootVm} › an active server is rebooted softly, and is active and idle afterwards`],
    },
    {
      rule: 'A server that still seems active, with the reboot ahead, is not taken for rebooted.',
      tests: [`${rebootVm} › a server that still seems ACTIVE, with the reboot ahead, is waited for`],
    },
    {
      rule: 'A guest that does not follow within 120 s, or what is configured, is rebooted hard.',
      tests: [`${rebootVm} › a guest that does not follow within %i s is rebooted hard`],
    },
    {
      rule: 'A stopped server is started.',
      tests: [`${rebootVm} › a server that is %s gets running`],
    },
    {
      rule: 'A paused server is unpaused.',
      tests: [`${rebootVm} › a server that is %s gets running`],
    },
    {
      rule: 'A suspended server is resumed.',
      tests: [`${rebootVm} › a server that is %s gets running`],
    },
    {
      rule: 'A server in `ERROR` is rebooted hard.',
      tests: [`${rebootVm} › a server that is %s gets running`],
    },
    {
      rule: 'A server in the midst of a reboot is rebooted hard.',
      tests: [`${rebootVm} › a server that is %s gets running`],
    },
    {
      rule: 'A reboot is not asked for twice because an answer was lost.',
      tests: [`${rebootVm} › a lost answer is no reason to reboot twice`, `${rebootVm} › a lost request is sent again`],
    },
    {
      rule: 'A refusal because the server is changing already is waited out; any other is told.',
      tests: [`${rebootVm} › one that is rebooting already is waited for; a locked one is refused`],
    },
  ],
  '7.8': [
    {
      rule: 'A missing server is `VMNotFound`.',
      tests: [`${setVmMetadata} › a missing server`],
    },
    {
      rule: 'Keys and values become texts of at most 255 characters; null is left out.',
      tests: [
        `${setVmMetadata} › merges, and adapts what Nova would refuse`,
        `${serverMetadata} › other types as text`,
        `${serverMetadata} › property: Nova takes whatever comes out`,
      ],
    },
    {
      rule: 'Characters that Nova does not allow in keys become `_`.',
      tests: [
        `${serverMetadata} › other characters of keys as _`,
        `${setVmMetadata} › merges, and adapts what Nova would refuse`,
      ],
    },
    {
      rule: 'The metadata are merged: keys of the server that the call does not name stay.',
      tests: [`${setVmMetadata} › merges, and adapts what Nova would refuse`],
    },
    {
      rule: 'The server is renamed if names for humans are configured, and only then, whoever made it.',
      tests: [
        `${setVmMetadata} › renames if and only if that is configured; the first name stays in the metadata`,
        `${setVmMetadata} › merges, and adapts what Nova would refuse`,
        `${compatibility} › a server with registry_key is renamed only if names are to be readable`,
      ],
    },
    {
      rule: 'The name is `name`, else `job/index`, else `compiling/<package>`.',
      tests: [`${serverNames} › §7.8 a human name from %s`],
    },
    {
      rule: 'A rename that fails is a warning.',
      tests: [`${setVmMetadata} › a rename that fails is a warning only`],
    },
    {
      rule: "Where the quota of items is too small, the director's keys stay, and the operator's tags go with a warning.",
      tests: [
        `${setVmMetadata} › beyond the quota of items the operator's tags give way`,
        `${serverMetadata} › §7.8 when the quota is short, the keys of the director stay`,
      ],
    },
    {
      rule: "The server's ports get tags, and keep those they have for other purposes.",
      tests: [`${setVmMetadata} › describes ports and boot volume as well, and keeps the tags that ports have`],
    },
    {
      rule: 'The boot volume gets the metadata, a persistent disk does not.',
      tests: [
        `${setVmMetadata} › describes ports and boot volume as well, and keeps the tags that ports have`,
        `${setVmMetadata} › neither a persistent disk nor somebody else's port at the server is described`,
      ],
    },
    {
      rule: 'Ports and boot volume that cannot be described are warnings; `tag_resources: false` leaves them alone.',
      tests: [
        `${setVmMetadata} › ports and boot volume that cannot be described are warnings only`,
        `${setVmMetadata} › tag_resources: false leaves ports and boot volume alone`,
      ],
    },
  ],
  '7.9': [
    {
      rule: 'All resources that were not given are named at once.',
      tests: ['packages/cpi-core/src/dispatch/dispatcher.test.ts › §6.9 the resources %j lack all these at once: %s'],
    },
    {
      rule: 'Flavors with too few CPUs or too little RAM are out.',
      tests: [`${flavorChoice} › none with too few CPUs`, `${flavorChoice} › none with too little RAM`],
    },
    {
      rule: 'Flavors that are disabled are out.',
      tests: [`${flavorChoice} › none that is disabled`],
    },
    {
      rule: 'With boot from volume as the rule only flavors without ephemeral disk count.',
      tests: [
        `${flavorChoice} › with boot from volume: only flavors without ephemeral disk, and a whole number of GiB`,
        `${calculate} › with boot from volume a whole number of GiB`,
      ],
    },
    {
      rule: 'Else a flavor with a large enough ephemeral disk, and a root disk of at least 3 GiB, is preferred.',
      tests: [
        `${flavorChoice} › a separate ephemeral disk before a large root disk`,
        `${flavorChoice} › none whose ephemeral disk is too small`,
        `${flavorChoice} › none with a root disk under 3 GiB beside the ephemeral one`,
      ],
    },
    {
      rule: 'If there is none, a flavor without ephemeral disk whose root disk holds the data and 3 GiB more.',
      tests: [
        `${flavorChoice} › none whose root disk has no room for the OS`,
        `${flavorChoice} › property: what is chosen gives at least what is wanted and passes create_vm`,
      ],
    },
    {
      rule: 'A part of a GiB counts as a whole one.',
      tests: [`${flavorChoice} › a part of a GiB counts as a whole one for %s`],
    },
    {
      rule: 'Of these the smallest: by CPUs, RAM, both disks, root disk.',
      tests: [
        `${flavorChoice} › the fewest CPUs`,
        `${flavorChoice} › then the smallest disks`,
        `${flavorChoice} › then the smallest root disk`,
      ],
    },
    {
      rule: 'Of equals the first by name.',
      tests: [`${flavorChoice} › then the name`],
    },
    {
      rule: '`create_vm` takes whatever is chosen: flavors that it would refuse are out.',
      tests: [
        `${flavorChoice} › none that create_vm refuses`,
        `${flavorChoice} › property: what is chosen gives at least what is wanted and passes create_vm`,
      ],
    },
    {
      rule: 'The answer is the flavor; with boot from volume also the size of the root disk, where the flavor has too little.',
      tests: [
        `${calculate} › the smallest flavor, in one request`,
        `${calculate} › with boot from volume a whole number of GiB`,
        `${flavorChoice} › with boot from volume and a large enough flavor: no root disk`,
      ],
    },
    {
      rule: 'The size of the root disk is a whole number of GiB, rounded up.',
      tests: [
        `${flavorChoice} › with boot from volume: only flavors without ephemeral disk, and a whole number of GiB`,
        `${calculate} › with boot from volume a whole number of GiB`,
      ],
    },
    {
      rule: 'When no flavor fits, the error tells what was wanted and lists all flavors.',
      tests: [
        `${flavorChoice} › tells what was wanted and what there is`,
        `${calculate} › none: lists all flavors, the small ones too`,
      ],
    },
  ],
}
