import type { SpecRules } from './rule.ts'

const driver = 'packages/openstack-driver'
const methods = `${driver}/src/methods`
const planning = `${driver}/src/planning`

const createStemcell = `${methods}/create-stemcell.test.ts`
const sendRootImage = `${methods}/send-root-image.test.ts`
const rootImage = `${driver}/src/stemcell/root-image.test.ts`
const imageProperties = `${planning}/image-properties.test.ts`
const uploads = `${driver}/src/http/uploads.test.ts`
const deleteStemcell = `${methods}/delete-stemcell.test.ts`
const createVm = `${methods}/create-vm.test.ts`
const server = `${methods}/create-vm/server.test.ts`
const stepOrder = `${methods}/create-vm/step-order.test.ts`
const anyRequest = `${methods}/create-vm/rollback.test.ts`
const memberships = `${methods}/create-vm/pool-memberships.test.ts`
const bootVolume = `${methods}/create-vm/boot-volume.test.ts`
const floatingIp = `${methods}/create-vm/floating-ip.test.ts`
const zoneFailover = `${methods}/create-vm/zone-failover.test.ts`
const undo = `${driver}/src/rollback/rollback.test.ts`
const mapError = `${driver}/src/errors/map-error.test.ts`
const userData = `${planning}/user-data.test.ts`
const serverMetadata = `${planning}/server-metadata.test.ts`
const serverNames = `${planning}/server-names.test.ts`
const deleteVm = `${methods}/delete-vm.test.ts`
const hasVm = `${methods}/has-vm.test.ts`
const rebootVm = `${methods}/reboot-vm.test.ts`
const setVmMetadata = `${methods}/set-vm-metadata.test.ts`
const flavorChoice = `${planning}/flavor-choice.test.ts`
const calculate = `${methods}/calculate-vm-cloud-properties.test.ts`
const compatibility = `${driver}/test/compatibility.test.ts`

/** §7.1 to §7.9 of the driver's specification. What a stemcell's cloud properties mean (§5.4) stands under §7.2. */
export const vmsAndStemcells: SpecRules = {
  '7.1': [
    {
      rule: 'The API version is 3; raw, qcow2 and light stemcells are announced.',
      tests: [`${driver}/src/info.test.ts › §7.1 info: API version 3 and the formats of heavy and light stemcells`],
    },
    {
      rule: 'OpenStack is not asked: nothing that could ask it is even loaded, and no configuration is needed.',
      tests: [
        'apps/cli/test/rpc.test.ts › loads nothing that speaks HTTP',
        'apps/cli/test/rpc.test.ts › a configuration of placeholders',
      ],
    },
  ],
  '7.2': [
    {
      rule: 'Cloud properties with an `image_id` make a light stemcell: the image is looked up, nothing else is asked or read.',
      tests: [`${createStemcell} › are checked and told apart by their CID; their image is not touched`],
    },
    {
      rule: 'The CID of a light stemcell is the id of the image with ` light` behind it.',
      tests: [`${createStemcell} › are checked and told apart by their CID; their image is not touched`],
    },
    {
      rule: 'The image of a light stemcell has to exist; the error names the id.',
      tests: [`${createStemcell} › unknown image %s`],
    },
    {
      rule: 'The image of a light stemcell has to be active.',
      tests: [`${createStemcell} › an image that is not active`],
    },
    {
      rule: "The image of a light stemcell is the operator's: it gets no tags, whatever tags the call brings.",
      tests: [`${createStemcell} › are checked and told apart by their CID; their image is not touched`],
    },
    {
      rule: 'The image of a heavy stemcell is the `root.img` of the compressed archive, byte for byte.',
      tests: [
        `${createStemcell} › the root image becomes a private, active image with name, formats and properties`,
        `${rootImage} › comes out byte for byte, whatever its size`,
      ],
    },
    {
      rule: 'Only a plain file `root.img` or `./root.img` counts; links and other paths do not.',
      tests: [`${rootImage} › is found among other files, and links and other paths are not it`],
    },
    {
      rule: 'An archive without root image is told as such, before an image is made.',
      tests: [`${createStemcell} › one %s is refused before an image is made`, `${rootImage} › no root.img`],
    },
    {
      rule: 'A file that is no such archive, is damaged or cut off, is told as one that could not be extracted.',
      tests: [
        `${rootImage} › a bare qcow2 image`,
        `${rootImage} › a file that is not there`,
        `${rootImage} › cut off or with a flipped byte anywhere: refused, or the true bytes`,
      ],
    },
    {
      rule: 'The root image streams from the archive into the upload: memory does not grow with its size, no file is written.',
      tests: [
        `${rootImage} › §7.2 what is sent can be released, whatever was packed how (level %i)`,
        `${uploads} › are streamed as octets`,
      ],
    },
    {
      rule: 'The image is named `<name>/<version>` and has the disk and container format of the stemcell.',
      tests: [
        `${createStemcell} › the root image becomes a private, active image with name, formats and properties`,
        `${imageProperties} › name, formats and properties as text, hypervisor renamed, the rest left out`,
      ],
    },
    {
      rule: 'A stemcell without disk format is refused; without container format it is `bare`.',
      tests: [
        `${imageProperties} › without disk_format nobody can boot it`,
        `${imageProperties} › null is as good as absent`,
      ],
    },
    {
      rule: 'The image is private, or public where the configuration says so.',
      tests: [
        `${createStemcell} › public where configured, for a user who may`,
        `${createStemcell} › the root image becomes a private, active image with name, formats and properties`,
        `${createStemcell} › a public image needs rights the user lacks: refused, nothing left`,
      ],
    },
    {
      rule: 'Version, OS, architecture and disk configuration of the stemcell become properties of the image, if present.',
      tests: [`${imageProperties} › name, formats and properties as text, hypervisor renamed, the rest left out`],
    },
    {
      rule: 'The properties for virtual hardware and for VMware become properties of the image, if present.',
      tests: [`${imageProperties} › every property the Ruby CPI knew is handed on`],
    },
    {
      rule: '`hypervisor` becomes `hypervisor_type`.',
      tests: [`${imageProperties} › name, formats and properties as text, hypervisor renamed, the rest left out`],
    },
    {
      rule: 'Booleans and other values become texts.',
      tests: [
        `${imageProperties} › %j becomes the text %j`,
        `${createStemcell} › the root image becomes a private, active image with name, formats and properties`,
      ],
    },
    {
      rule: "The call's tags and those in the cloud properties become further properties.",
      tests: [
        `${imageProperties} › become further properties, those of the call before those of the stemcell`,
        `${createStemcell} › the director that made it and its tags can be told from the image`,
      ],
    },
    {
      rule: "Tags never replace the stemcell's own properties; those named like an attribute of images get the prefix `bosh_`.",
      tests: [
        `${imageProperties} › never take the place of what the stemcell says or of an attribute`,
        `${imageProperties} › whatever the tags, the stemcell's own properties stay and all values are texts of the basic plane`,
      ],
    },
    {
      rule: 'The bytes are sent as `application/octet-stream`, under the same TLS and proxy settings as all else.',
      tests: [
        `${uploads} › are streamed as octets`,
        'tooling/e2e/suite/tls.test.ts › every request trusts the CA of the file, uploads included',
        'packages/openstack-driver/src/http/proxies.test.ts › uploads go through it like all else',
      ],
    },
    {
      rule: 'An image that is not active after its upload is waited for.',
      tests: [
        `${createStemcell} › an image that gets active late keeps its mark until then`,
        `${sendRootImage} › of an image that is still saving: it is waited for, and kept`,
      ],
    },
    {
      rule: 'A wait in vain names `state_timeout`, and the image is removed.',
      tests: [
        `${createStemcell} › §3.6 an image that never gets active is removed when the time is up`,
        `${sendRootImage} › of an image that goes on saving for ever: it is removed when the time is up`,
      ],
    },
    {
      rule: 'Whatever fails, and when the call is told to end, the unfinished image is deleted.',
      tests: [
        `${createStemcell} › twice in vain: the error names the cloud's answer, nothing is left`,
        `${createStemcell} › of one %s the image is removed, and nobody tries again`,
        `${createStemcell} › a call that is told to end removes its image`,
      ],
    },
    {
      rule: 'An image that cannot be deleted is named, and no second one is made beside it.',
      tests: [`${createStemcell} › nor while the first image could not be removed: the operator is told which`],
    },
    {
      rule: 'A failed upload is started over with a new image, once.',
      tests: [
        `${createStemcell} › after %s`,
        `${createStemcell} › twice in vain: the error names the cloud's answer, nothing is left`,
        `${uploads} › are never repeated, not after %d`,
      ],
    },
    {
      rule: 'An upload that breaks off halfway is not waited for although Glance still saves: its image goes, a whole one is made.',
      tests: [
        `${sendRootImage} › is not waited for: the half image goes, and a whole one is made at once`,
        `${sendRootImage} › twice: the error tells of the connection, and no image is left`,
      ],
    },
    {
      rule: 'An upload that was sent whole but not answered is looked at: active or saving is kept, queued is started over.',
      tests: [
        `${sendRootImage} › of an image that is active all the same: it is kept`,
        `${sendRootImage} › of an image that is still saving: it is waited for, and kept`,
        `${sendRootImage} › of an image that is queued again: the bytes are lost, and sent anew to another`,
      ],
    },
    {
      rule: 'What would fail again (rights, size, a bad archive) is not started over.',
      tests: [
        `${createStemcell} › but not when it is %s`,
        `${createStemcell} › of one %s the image is removed, and nobody tries again`,
      ],
    },
    {
      rule: "Where configured, the image goes through Glance's staging area and its import.",
      tests: [`${createStemcell} › takes the place of the upload where configured`],
    },
    {
      rule: 'Where Glance offers no such import, the plain upload is taken, with a warning.',
      tests: [`${createStemcell} › a Glance that %s gets a plain upload, with a warning`],
    },
    {
      rule: 'A failed import is started over once, and leaves no image.',
      tests: [`${createStemcell} › one that fails is started over once, with a new image`],
    },
  ],
  '7.3': [
    {
      rule: 'The CID of a light stemcell: nothing is done, nothing is asked.',
      tests: [
        `${deleteStemcell} › a light stemcell's image is the operator's and stays`,
        'tooling/e2e/suite/life-cycle.test.ts › a light stemcell points at an image and never deletes it',
      ],
    },
    {
      rule: 'The image of a heavy stemcell is deleted with one request.',
      tests: [`${deleteStemcell} › removes the image, in a login and a request`],
    },
    {
      rule: 'An image that is gone already is a success.',
      tests: [`${deleteStemcell} › a missing image is a success`],
    },
    {
      rule: 'An image in use is a `CloudError` that says so.',
      tests: [`${deleteStemcell} › an image with copies that depend on it: an error, for it is still there`],
    },
  ],
  '7.4': [
    {
      rule: 'The request is checked, against the rules and against the cloud, before anything is made.',
      tests: [`${createVm} › %s, before anything is made`],
    },
    {
      rule: 'The combination of networks has to be allowed (§6.2).',
      tests: [`${planning}/network-plan.test.ts › refuses %s`],
    },
    {
      rule: 'Security groups are found before anything is made (§6.1).',
      tests: [`${createVm} › an unknown security group`],
    },
    {
      rule: 'The image is that of the CID, with or without ` light` behind it.',
      tests: [
        `${compatibility} › light stemcells with and without the suffix boot VMs; disks, snapshots and VMs are plain ids`,
      ],
    },
    {
      rule: 'A missing image is told by its id.',
      tests: [`${createVm} › a stemcell whose image is missing, or not active`],
    },
    {
      rule: 'An image that is not active is refused.',
      tests: [`${createVm} › a stemcell whose image is missing, or not active`],
    },
    {
      rule: 'The flavor goes by its name; one that is not there is told.',
      tests: [`${flavorChoice} › goes by name, else by id (§5.1)`, `${createVm} › an unknown flavor`],
    },
    {
      rule: 'An ephemeral disk of less than twice the RAM, in whole GiB, is refused, and the size that is needed is told.',
      tests: [
        `${server} › §7.4 an ephemeral disk too small for swap and data is refused, one that is large enough becomes a disk`,
        `${flavorChoice} › an ephemeral disk of %i GiB beside %i MiB of RAM is fine: %s`,
        `${flavorChoice} › names the size an ephemeral disk should have`,
      ],
    },
    {
      rule: "The key pair is the VM type's, else the configured one.",
      tests: [
        `${server} › the VM type's key pair wins over the configured one; it is asked for by its name`,
        `${createVm} › makes an active server with key pair, group, port and metadata`,
      ],
    },
    {
      rule: 'The key pair is asked for by its name; one that is not there is told.',
      tests: [
        `${server} › the VM type's key pair wins over the configured one; it is asked for by its name`,
        `${createVm} › an unknown key pair`,
      ],
    },
    {
      rule: 'Without any key pair the server is made without one.',
      tests: [`${createVm} › without a key pair the server has none`],
    },
    {
      rule: 'The boot volume is planned before anything is made (§8.2).',
      tests: [
        `${createVm} › a flavor without root disk`,
        `${planning}/boot-source.test.ts › §8.2 the volume has root_disk.size, else the flavor's`,
      ],
    },
    {
      rule: 'The zone is that of the VM type, of the disks, or any of a list (§6.8).',
      tests: [
        `${createVm} › stays in the zone of the disks it will get (§6.8)`,
        `${zoneFailover} › the next zone gets the VM, with the same port and MAC; the failed server is gone`,
      ],
    },
    {
      rule: 'Ports come before the server, floating IP and then memberships once it is active.',
      tests: [
        `${stepOrder} › §7.4 what is made comes in its order: ports, boot volume, server, once it is active floating IP and members`,
      ],
    },
    {
      rule: "The user data hold the agent's settings, as base64.",
      tests: [
        `${createVm} › contract §8.2, contract §8.3: the agent finds its settings in both places, its env unchanged`,
        `${userData} › is base64 of JSON in UTF-8`,
      ],
    },
    {
      rule: 'User data of more than 65535 bytes are refused, and nothing stays.',
      tests: [
        `${userData} › refuses more than 65535 bytes of base64`,
        `${server} › because its settings are larger than Nova takes: refused, and its port is removed`,
      ],
    },
    {
      rule: 'The server is asked for with name, flavor, image, key pair, user data, security groups, networks and metadata.',
      tests: [`${server} › ports by their ids alone; image, zone and drive only where wanted`],
    },
    {
      rule: 'Zone, config drive and scheduler hints are sent where they are wanted, and only there.',
      tests: [
        `${server} › zone, config drive and hints where wanted; a network that Nova makes the port for by its id`,
        `${server} › ports by their ids alone; image, zone and drive only where wanted`,
      ],
    },
    {
      rule: 'A boot volume takes the place of the image.',
      tests: [`${server} › no image beside a boot volume`, `${bootVolume} › with Nova 2.67 the mapping names the type`],
    },
    {
      rule: 'A NIC with a port of ours is named by the port alone, others by their network.',
      tests: [
        `${server} › ports by their ids alone; image, zone and drive only where wanted`,
        `${server} › zone, config drive and hints where wanted; a network that Nova makes the port for by its id`,
      ],
    },
    {
      rule: 'When there is nothing to say of networks, none are named.',
      tests: [`${server} › no networks where there is nothing to say of them`],
    },
    {
      rule: "The server says from the start whose it is: director, agent and call, and the operator's tags.",
      tests: [
        `${createVm} › makes an active server with key pair, group, port and metadata`,
        `${serverMetadata} › says who made the server and for which agent; tags of env and VM type are kept apart`,
      ],
    },
    {
      rule: 'The server is waited for until it is active.',
      tests: [
        `${createVm} › makes an active server with key pair, group, port and metadata`,
        `${server} › in time: it is removed although it is still building, and may be retried`,
      ],
    },
    {
      rule: "The floating IP of a vip network is mapped to the VM's port (§6.5).",
      tests: [`${floatingIp} › is mapped to the VM's port`],
    },
    {
      rule: 'The VM joins its pools, and each membership is recorded on the server as `lbaas_pool_<n>`.',
      tests: [`${memberships} › the VM becomes a member of each, and the server remembers it`],
    },
    {
      rule: 'With names for humans the first name is kept as `registry_key`.',
      tests: [
        `${setVmMetadata} › renames if and only if that is configured; the first name stays in the metadata`,
        `${serverMetadata} › remembers the first name if the server will be renamed`,
      ],
    },
    {
      rule: 'Later metadata are merged into those of the creation.',
      tests: [`${memberships} › the VM becomes a member of each, and the server remembers it`],
    },
    {
      rule: 'The answer is the CID and the networks, with `mac` where a port was made, and `use_dhcp`.',
      tests: [
        `${createVm} › the answer has the networks with the port's MAC, the agent's settings have it too`,
        `${userData} › keeps everything received and adds mac, in lower case, and use_dhcp`,
        `${createVm} › a dynamic network gets its port from Nova, and no MAC is claimed`,
      ],
    },
    {
      rule: 'A server whose creation was not answered is looked for by its name: one VM, or nothing.',
      tests: [
        `${anyRequest} › of create_vm, number %i: a VM or nothing`,
        `${driver}/src/http/create-once.test.ts › took effect: it is adopted, at once`,
      ],
    },
    {
      rule: 'After a 400 or 404 networks that do not exist are named, with the hint about subnet ids; not to be retried.',
      tests: [`${createVm} › a network that is a subnet`],
    },
    {
      rule: 'To be retried: no valid host and other faults of the hypervisor.',
      tests: [`${server} › for the fault "%s": worth a retry: %s`, `${createVm} › no valid host: to be retried`],
    },
    {
      rule: 'To be retried: a wait that took too long. The server is removed.',
      tests: [
        `${server} › in time: it is removed although it is still building, and may be retried`,
        `${mapError} › §7.4 create_vm: may the director try again?`,
      ],
    },
    {
      rule: 'To be retried: a 5xx.',
      tests: [
        `${server} › because POST /servers answers %i: worth a retry: %s`,
        `${mapError} › §7.4 create_vm: may the director try again?`,
      ],
    },
    {
      rule: 'Not to be retried: 400, 403, and what the configuration names but the cloud has not.',
      tests: [
        `${server} › because POST /servers answers %i: worth a retry: %s`,
        `${createVm} › %s, before anything is made`,
      ],
    },
    {
      rule: 'Not to be retried: a quota, also one that Nova meets only while it builds.',
      tests: [`${createVm} › a quota of %s: at once and for good`, `${server} › for the fault "%s": worth a retry: %s`],
    },
    {
      rule: 'Not to be retried: a pool that the VM cannot join.',
      tests: [
        `${memberships} › the second pool fails: the first membership and the server go, and it is not to be retried`,
      ],
    },
    {
      rule: 'A membership that cannot be recorded may be retried if Nova is at fault.',
      tests: [
        `${memberships} › §7.4 a membership that cannot be recorded: all goes, and it may be retried if Nova is at fault`,
      ],
    },
    {
      rule: 'Whichever request fails: a VM, or nothing at all.',
      tests: [
        `${anyRequest} › of create_vm, number %i: a VM or nothing`,
        `${createVm} › told to end while it waits: everything is removed again`,
      ],
    },
    {
      rule: 'The cleanup goes: memberships, server until it is gone, boot volume, ports, server group.',
      tests: [
        `${stepOrder} › §7.4 the cleanup goes from the last to the first: members, server until it is gone, boot volume, ports, group`,
      ],
    },
    {
      rule: 'When the second port fails, the first one goes.',
      tests: [`${createVm} › the second port fails: the first goes as well`],
    },
    {
      rule: 'The cleanup takes only ports that were made for the VM.',
      tests: [
        `${stepOrder} › §7.4 the cleanup removes the ports that were made for the VM, and no others of its server`,
      ],
    },
    {
      rule: 'The cleanup takes the server group only if it is empty.',
      tests: [
        `${stepOrder} › §7.4 the cleanup leaves a server group that has got another member meanwhile`,
        `${methods}/create-vm/server-group.test.ts › but a strict one does, and the group goes again`,
      ],
    },
    {
      rule: 'The cleanup takes only a boot volume that was made beforehand; it goes even if the server was never made.',
      tests: [
        `${bootVolume} › a volume that does not come to life is removed again`,
        `${zoneFailover} › each try with a typed boot volume makes its own, and removes it`,
      ],
    },
    {
      rule: 'A step of the cleanup that fails stops none of the others.',
      tests: [
        `${stepOrder} › §7.4 a cleanup step that fails stops none of the others, and is told behind the first error`,
        `${undo} › an undo that fails stops no other, and its failure is appended to %s, whose kind stays`,
      ],
    },
    {
      rule: 'The first error is raised, with what could not be removed behind it.',
      tests: [`${anyRequest} › §7.4 what cannot be removed is named behind the first error`],
    },
  ],
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
