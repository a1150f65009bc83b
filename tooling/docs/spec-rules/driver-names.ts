import type { SpecRules } from './rule.ts'

const methods = 'packages/openstack-driver/src/methods'
const planning = 'packages/openstack-driver/src/planning'

/** §4 of the driver's specification. */
export const nameRules: SpecRules = {
  '4': [
    {
      rule: 'A new server is called `vm-<uuid>`.',
      tests: [
        `${planning}/server-names.test.ts › §4 names of servers and ports`,
        `${methods}/create-vm.test.ts › makes an active server with key pair, group, port and metadata`,
      ],
    },
    {
      rule: 'The agent reads that name as `vm.name` and `server.name` in its settings.',
      tests: [
        `${methods}/create-vm.test.ts › the answer has the networks with the port's MAC, the agent's settings have it too`,
      ],
    },
    {
      rule: 'A server that will be renamed for humans keeps its first name in its metadata, as `registry_key`.',
      tests: [
        `${planning}/server-metadata.test.ts › remembers the first name if the server will be renamed`,
        `${methods}/set-vm-metadata.test.ts › renames if and only if that is configured; the first name stays in the metadata`,
      ],
    },
    {
      rule: 'A volume is called `volume-<uuid>` and has an empty description.',
      tests: [`${methods}/create-disk.test.ts › makes an available volume of the rounded-up size with a unique name`],
    },
    {
      rule: 'A snapshot is called `snapshot-<uuid>`; its description is deployment, job and index.',
      tests: [
        `${methods}/snapshot-disk.test.ts › makes an available snapshot that says what it is of`,
        `${planning}/snapshot-metadata.test.ts › stays within what Cinder takes`,
      ],
    },
    {
      rule: 'The description of a snapshot of an attached volume ends with the device, without `/dev/`.',
      tests: [
        `${methods}/snapshot-disk.test.ts › §4 of an attached volume: the description names its device`,
        `${planning}/snapshot-metadata.test.ts › attached`,
      ],
    },
    {
      rule: 'An image is called `<name>/<version>` of its stemcell.',
      tests: [
        `${planning}/image-properties.test.ts › name, formats and properties as text, hypervisor renamed, the rest left out`,
        `${methods}/create-stemcell.test.ts › the root image becomes a private, active image with name, formats and properties`,
      ],
    },
    {
      rule: 'A port is called `<server>-<network>`, cut to what Neutron takes, so that leftovers can be found.',
      tests: [
        `${planning}/server-names.test.ts › §4 names of servers and ports`,
        `${methods}/create-vm.test.ts › makes an active server with key pair, group, port and metadata`,
      ],
    },
    {
      rule: 'The boot volume that Nova makes is given no name.',
      tests: [`${planning}/boot-source.test.ts › §8.2 the mapping has numbers and booleans, and no device name`],
    },
    {
      rule: 'CIDs are the ids that OpenStack gave: of the server, the volume, the snapshot, the image.',
      tests: [
        `${methods}/create-disk.test.ts › makes an available volume of the rounded-up size with a unique name`,
        `${methods}/snapshot-disk.test.ts › makes an available snapshot that says what it is of`,
        `${methods}/create-stemcell.test.ts › the root image becomes a private, active image with name, formats and properties`,
      ],
    },
    {
      rule: 'The CID of a light stemcell is `<image id> light`.',
      tests: [
        `${methods}/create-stemcell.test.ts › are checked and told apart by their CID; their image is not touched`,
      ],
    },
    {
      rule: 'VMs are made from light stemcells with and without that suffix.',
      tests: [
        'packages/openstack-driver/test/compatibility.test.ts › light stemcells with and without the suffix boot VMs; disks, snapshots and VMs are plain ids',
      ],
    },
    {
      rule: "The operator's image behind a light stemcell is never deleted.",
      tests: [`${methods}/delete-stemcell.test.ts › a light stemcell's image is the operator's and stays`],
    },
  ],
}
