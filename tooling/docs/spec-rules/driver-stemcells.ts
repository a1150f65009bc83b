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

/** §7.1 to §7.3 of the driver's specification. What a stemcell's cloud properties mean (§5.4) stands under §7.2. */
export const stemcellRules: SpecRules = {
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
}
