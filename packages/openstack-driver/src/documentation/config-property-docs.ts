import type { PropertyName } from '../config/openstack-schema.ts'
import { both, fresh, type PropertyDoc, ruby } from './property-doc.ts'

/** A description of every property of the schema; leaving one out does not compile. */
export const propertyDocs: Readonly<Record<PropertyName, PropertyDoc>> = {
  auth_url: both(
    'URL, required',
    '–',
    'Keystone. With or without version and path: everything from the version segment on is cut. Keystone v2 only if the path has a segment `v2.0` and none `v3`.',
    'https://keystone.example.com:5000/v3',
  ),
  username: both('string', '–', 'User for a password login; with `api_key`.', 'bosh'),
  api_key: both('string, secret', '–', 'Password of `username`.', 'correct-horse'),
  application_credential_id: both(
    'string',
    '–',
    'Application credential instead of a password (Keystone v3); with `application_credential_secret`. Needs no project and no domain.',
    '21dced0fd20347869b93710d2b98aae0',
  ),
  application_credential_secret: both('string, secret', '–', 'Secret of `application_credential_id`.', 'rEaqvJka48mpv'),
  project: both('string', '–', 'Project by name (Keystone v3).', 'bosh'),
  project_id: ruby('string', '–', 'Project by id; wins over `project`.', '783e9a50cfbd4539aa4549356daf6e0a'),
  domain: both('string', '–', 'Domain, by name, of user and project (Keystone v3).', 'Default'),
  user_domain_name: ruby(
    'string',
    '`domain`',
    'Domain of the user, if project and user are in different ones; with `project_domain_name`.',
    'ldap',
  ),
  project_domain_name: ruby('string', '`domain`', 'Domain of the project; with `user_domain_name`.', 'Default'),
  tenant: ruby('string', '–', 'Tenant by name; required with Keystone v2, else unused.', 'bosh'),
  region: ruby('string', 'the first match', 'Region of the catalog.', 'RegionOne'),
  endpoint_type: ruby(
    '`publicURL`, `internalURL`, `adminURL`, or without `URL`',
    '`publicURL`',
    "Which of the catalog's endpoints to talk to.",
    'internalURL',
  ),
  endpoint_overrides: fresh(
    'hash from service to URL',
    '`{}`',
    'URLs to use instead of those of the catalog, for `compute`, `image`, `network`, `block-storage`, `load-balancer`.',
    { image: 'https://glance.internal:9292' },
  ),
  state_timeout: both('number, s', '300', 'Upper limit for each wait for a state.', 600),
  wait_resource_poll_interval: ruby(
    'integer, s',
    '5',
    'Longest pause between two looks at a state; the first looks come sooner.',
    5,
  ),
  rate_limit_timeout: fresh('number, s', '600', 'Total time to wait for rate limits, per call.', 900),
  request_retries: fresh(
    'integer',
    '10',
    'How often a request is repeated, 3 s apart, when the service fails or cannot be reached and repeating is safe. After `state_timeout` no further repetition begins.',
    10,
  ),
  connection_options: ruby(
    'hash',
    '`{}`',
    '`ca_cert` (PEM text), `ssl_verify_peer` (true), `connect_timeout`, `read_timeout`, `write_timeout` (s, 60 each), `proxy` (URL; wins over the environment). Other keys are ignored with a warning.',
    { read_timeout: 120, proxy: 'http://proxy.example.com:3128' },
  ),
  boot_from_volume: both(
    'boolean',
    'false',
    'Boot VMs from Cinder volumes; `boot_from_volume` of a VM type wins.',
    true,
  ),
  default_root_volume_type: fresh(
    'string',
    "the cloud's default",
    'Cinder type of boot volumes without a type of their own.',
    'fast',
  ),
  default_volume_type: ruby(
    'string',
    "the cloud's default",
    'Cinder type of persistent disks without `type`.',
    'standard',
  ),
  default_key_name: both('string', '–', 'Key pair of VMs without `key_name`. Without one they boot with none.', 'bosh'),
  default_security_groups: both(
    'list of strings',
    '`[]`',
    'Security groups, by name or id, of VMs for which neither VM type nor networks name any.',
    ['bosh'],
  ),
  config_drive: ruby(
    '`disk` or `cdrom`',
    '–',
    'If set, VMs get a config drive. The value tells how the cloud presents it: `disk` takes a device letter.',
    'cdrom',
  ),
  disk_hint: fresh(
    '`by-id` or `letter`',
    '`by-id`',
    'How `attach_disk` names a virtio disk to the agent: by the id of its volume (`/dev/disk/by-id/virtio-…`), which stays right after a reboot, or ' +
      'by the letter that Nova counted (`/dev/sdX`), as earlier CPIs do. `letter` is for guests without udev links only: see [disk-hints.md](disk-hints.md).',
    'letter',
  ),
  use_dhcp: both('boolean', 'true', "Written into the agent's settings of each network.", true),
  ignore_server_availability_zone: both(
    'boolean',
    'false',
    "Do not tie disks to the VM's availability zone, nor VMs to their disks'. Required for `availability_zones`.",
    true,
  ),
  human_readable_vm_names: both(
    'boolean',
    'false',
    'Rename servers to `job/index` when the director names them.',
    true,
  ),
  tag_resources: fresh(
    'boolean',
    'true',
    'Put tags and metadata on ports, disks and images. What a VM is made of keeps its marks in any case (the description of ' +
      'its ports, the metadata of its server and boot volume): without them `leftovers` cannot find what a call that died has left.',
    false,
  ),
  force_hard_reboot_after: fresh(
    'number, s',
    '180',
    'How long `reboot_vm` waits for a soft reboot before it asks Nova for a hard one. On libvirt, Nova itself reboots a guest hard that ignores the power ' +
      'button for 120 s (`wait_soft_reboot_seconds` in its configuration): a smaller value cannot shorten that, the request of the CPI waits behind it and ' +
      'then fails. Other hypervisors have no such fallback, and wait for the CPI. At most `state_timeout`.',
    240,
  ),
  load_balancer_api: fresh(
    '`auto`, `octavia` or `neutron`',
    '`auto`',
    'Which API holds the load balancer pools; `auto`: Octavia if the catalog has it, else Neutron.',
    'octavia',
  ),
  nova_microversion_max: fresh(
    'string',
    '–',
    'Highest microversion of Nova to use, for clouds that announce one they do not handle.',
    '2.79',
  ),
  stemcell_public_visibility: both(
    'boolean',
    'false',
    'Upload stemcells as public images, which usually needs administrator rights.',
    true,
  ),
  stemcell_import: fresh(
    'boolean',
    'false',
    "Upload stemcells through Glance's import (`glance-direct`), in which the cloud may convert them, for example to raw for Ceph.",
    true,
  ),
  use_nova_networking: ruby(
    'boolean',
    'false',
    'nova-network was removed from OpenStack: only `false` is accepted.',
    false,
  ),
  enable_auto_anti_affinity: ruby(
    'boolean',
    'false',
    'Withdrawn: only `false` is accepted. Use `server_group` in the cloud properties of the VM type.',
    false,
  ),
}
