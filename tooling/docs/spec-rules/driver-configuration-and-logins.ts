import type { SpecRules } from './rule.ts'

/** §1 and §2 of the driver's specification. */
export const configurationAndLogins: SpecRules = {
  '1.1': [
    {
      rule: 'The configuration file and the file of certificates are named on the command line; an empty or blank file of certificates is none',
      tests: [
        'apps/cli/src/config/cpi-config.test.ts › driver spec §1.1 a CA file of %j is %j',
        'apps/cli/test/rpc.test.ts › §4.2 what is wrong with the configuration is a CloudError that names the file',
        "packages/openstack-driver/src/http/connections.test.ts › §3.3 without an authority of its own the system's count (%j)",
      ],
    },
    {
      rule: "Each call's settings replace those of the file key by key, not merged deeper",
      tests: [
        'packages/openstack-driver/src/config/openstack-config.test.ts › contract §3.1: the context replaces a top-level key as a whole',
        'packages/cpi-core/src/dispatch/merge-config.test.ts › §3.1, §13.7 a key of the context replaces the file’s as a whole, others stay or are added',
        'apps/cli/test/rpc-cloud.test.ts › §3.1 a CPI config makes a file full of placeholders work',
      ],
    },
    {
      rule: "The section for agents is the file's alone",
      tests: [
        "packages/openstack-driver/src/create-context.test.ts › §1.1 the agent's section is the file's alone, whatever a call brings",
      ],
    },
    {
      rule: 'Null and empty values count as absent, from the call and for the agent too',
      tests: [
        'packages/openstack-driver/src/config/openstack-config.test.ts › null and empty strings count as absent, also inside connection_options',
        "packages/openstack-driver/src/config/openstack-config.test.ts › the context's null takes the file's value away",
        'packages/openstack-driver/src/planning/user-data.test.ts › null in the agent section counts as absent',
      ],
    },
    {
      rule: 'The job has each property under the same name below `openstack`',
      tests: [
        'tooling/bosh-release/test/job-properties.test.ts › the job has every property of the configuration, and no other below openstack',
      ],
    },
    {
      rule: '`auth_url` may have a version, a path and a trailing slash, which are cut',
      tests: ['packages/openstack-driver/src/config/openstack-config.test.ts › auth_url %s'],
    },
    {
      rule: 'Keystone v2 only where the URL has `v2.0` and not `v3`',
      tests: [
        'packages/openstack-driver/src/config/openstack-config.test.ts › auth_url %s',
        'packages/openstack-driver/test/other-clouds.test.ts › §2.2 Keystone v2',
      ],
    },
    {
      rule: 'Password login or application credential: exactly one whole pair',
      tests: [
        'packages/openstack-driver/src/config/openstack-config.test.ts › one pair and a half',
        'packages/openstack-driver/src/config/openstack-config.test.ts › both pairs',
        'packages/openstack-driver/src/config/openstack-config.test.ts › no login at all',
      ],
    },
    {
      rule: 'Application credentials work with Keystone v3 only, and need neither project nor domain',
      tests: [
        'packages/openstack-driver/src/config/openstack-config.test.ts › application credentials need v3',
        'packages/openstack-driver/src/config/openstack-config.test.ts › an application credential needs neither project nor domain',
        'tooling/e2e/suite/logins.test.ts › an application credential needs no project, and a wrong secret of it is refused without being told',
      ],
    },
    {
      rule: 'The project goes by name or id; the id wins',
      tests: [
        'packages/openstack-driver/src/config/openstack-config.test.ts › project_id wins over project',
        'packages/openstack-driver/src/http/login.test.ts › §2.1 password, project by id: no domain beside it',
        'tooling/e2e/suite/logins.test.ts › the project by id, and domains of user and project by name',
      ],
    },
    {
      rule: '`domain` serves user and project; two names, both or none, take its place',
      tests: [
        'packages/openstack-driver/src/config/openstack-config.test.ts › user and project may be in different domains',
        'packages/openstack-driver/src/config/openstack-config.test.ts › one of two domains',
        'packages/openstack-driver/src/http/login.test.ts › §2.1 password, project by name',
      ],
    },
    {
      rule: '`tenant` is needed with Keystone v2',
      tests: [
        'packages/openstack-driver/src/config/openstack-config.test.ts › v2 without tenant',
        'packages/openstack-driver/src/http/login.test.ts › §2.2 Keystone v2',
      ],
    },
    {
      rule: '`region` picks the region of the catalog; without it the first match counts',
      tests: [
        'packages/openstack-driver/src/http/catalog.test.ts › by region',
        'packages/openstack-driver/src/http/catalog.test.ts › first match without region',
        'apps/cli/test/rpc-cloud.test.ts › an unknown region',
      ],
    },
    {
      rule: '`endpoint_type` in both spellings, public by default',
      tests: [
        'packages/openstack-driver/src/config/openstack-config.test.ts › endpoint_type %s',
        'packages/openstack-driver/test/other-clouds.test.ts › §2.4 all requests but the login go to the %s endpoints',
        'packages/openstack-driver/src/config/openstack-config.test.ts › everything but the login has a default',
      ],
    },
    {
      rule: '`state_timeout` (300 s) limits each wait',
      tests: [
        'packages/openstack-driver/src/create-context.test.ts › §1.1 waits poll at wait_resource_poll_interval and end after state_timeout',
        'packages/openstack-driver/src/config/openstack-config.test.ts › everything but the login has a default',
      ],
    },
    {
      rule: '`wait_resource_poll_interval` (5 s, whole seconds) is the pause between polls',
      tests: [
        'packages/openstack-driver/src/create-context.test.ts › §1.1 waits poll at wait_resource_poll_interval and end after state_timeout',
        'packages/openstack-driver/src/config/openstack-config.test.ts › a half interval',
      ],
    },
    {
      rule: '`boot_from_volume` (off) boots VMs from volumes; the VM type has the last word',
      tests: [
        'packages/openstack-driver/src/methods/create-vm/boot-volume.test.ts › the configuration can turn it on, and give the type; the VM type has the last word',
      ],
    },
    {
      rule: '`stemcell_public_visibility` makes public images instead of private ones, and says what a refusal is about',
      tests: [
        'packages/openstack-driver/src/methods/create-stemcell.test.ts › a public image needs rights the user lacks: refused, nothing left',
        'packages/openstack-driver/src/methods/create-stemcell.test.ts › the root image becomes a private, active image with name, formats and properties',
      ],
    },
    {
      rule: '`connection_options` holds CA, verification, three time limits (60 s each) and proxy; other keys are warned of',
      tests: [
        'packages/openstack-driver/src/config/openstack-config.test.ts › connection_options are seconds in the file',
        'packages/openstack-driver/src/config/openstack-config.test.ts › everything but the login has a default',
        'packages/openstack-driver/src/config/openstack-config.test.ts › unknown properties are ignored with a warning, `vm` of the context without',
      ],
    },
    {
      rule: '`default_key_name` is the key pair of VMs whose type has none',
      tests: [
        'packages/openstack-driver/test/config-effects.test.ts › default_key_name, unless the VM type has a key_name',
        'packages/openstack-driver/src/methods/create-vm.test.ts › without a key pair the server has none',
      ],
    },
    {
      rule: '`default_security_groups` are those of VMs for which nothing else names any',
      tests: [
        "packages/openstack-driver/src/methods/create-vm/security-group-ids.test.ts › the networks' groups when the VM has none, else the default ones; none at all: the cloud's default",
      ],
    },
    {
      rule: '`default_volume_type` is the type of disks without one',
      tests: [
        'packages/openstack-driver/src/methods/create-disk.test.ts › §5.3 type and zone of the disk type; else the configured type',
        'packages/openstack-driver/src/methods/update-disk.test.ts › the configured type counts when the disk type has none',
      ],
    },
    {
      rule: '`config_drive`, if set, asks for a config drive; `disk` takes a device letter, `cdrom` none',
      tests: [
        'packages/openstack-driver/test/config-effects.test.ts › config_drive: %s',
        'packages/openstack-driver/src/planning/device-letter.test.ts › counts a config drive that is a disk',
        'packages/openstack-driver/src/config/openstack-config.test.ts › config_drive',
      ],
    },
    {
      rule: '`use_dhcp` (on) goes into the settings of each network but vip',
      tests: [
        'packages/openstack-driver/test/config-effects.test.ts › use_dhcp: %s is what the agent and the director are told',
        "packages/openstack-driver/src/methods/create-vm.test.ts › the answer has the networks with the port's MAC, the agent's settings have it too",
      ],
    },
    {
      rule: "`ignore_server_availability_zone` unties disks and VMs from each other's zones",
      tests: [
        'packages/openstack-driver/src/methods/create-vm.test.ts › stays in the zone of the disks it will get (§6.8)',
        "packages/openstack-driver/src/methods/create-disk.test.ts › §6.8 the zone of the VM that will use it; the disk type's wins, and the configuration can forbid it",
      ],
    },
    {
      rule: 'Lists of zones need `ignore_server_availability_zone`',
      tests: [
        'packages/openstack-driver/src/planning/vm-cloud-properties.test.ts › a list of zones, without doubles, if servers and disks may be apart',
        'packages/openstack-driver/src/planning/vm-cloud-properties.test.ts › §5.1 refuses',
      ],
    },
    {
      rule: '`human_readable_vm_names` renames servers, else they keep their name',
      tests: [
        'packages/openstack-driver/src/methods/set-vm-metadata.test.ts › renames if and only if that is configured; the first name stays in the metadata',
        'packages/openstack-driver/src/methods/set-vm-metadata.test.ts › merges, and adapts what Nova would refuse',
      ],
    },
    {
      rule: '`use_nova_networking` may only be false',
      tests: [
        'packages/openstack-driver/src/config/openstack-config.test.ts › nova-network',
        'packages/openstack-driver/src/config/openstack-config.test.ts › use_nova_networking and enable_auto_anti_affinity may be false',
      ],
    },
    {
      rule: '`enable_auto_anti_affinity` is refused, with what to use instead',
      tests: ['packages/openstack-driver/src/config/openstack-config.test.ts › auto anti-affinity'],
    },
    {
      rule: "`vm` of the call's context is no setting, and no warning",
      tests: [
        'packages/openstack-driver/src/config/openstack-config.test.ts › unknown properties are ignored with a warning, `vm` of the context without',
      ],
    },
    {
      rule: "The job takes every property of the earlier CPIs' jobs",
      tests: [
        'tooling/bosh-release/test/job-properties.test.ts › the job has every property that the jobs of the earlier CPIs have',
      ],
    },
    {
      rule: "`nats.*` makes the agents' bus where `agent.mbus` is absent, on port 4222",
      tests: [
        'tooling/bosh-release/test/templates.test.ts › nats.* builds the bus of agents, with what needs escaping escaped',
        'tooling/bosh-release/test/templates.test.ts › the cpi ops file: credentials, and the defaults both peers have',
      ],
    },
    {
      rule: '`env.*_proxy` of the job is exported by its wrapper',
      tests: ['tooling/bosh-release/test/templates.test.ts › proxies are exported in both spellings, quoted'],
    },
    {
      rule: 'A registry section renders and is ignored, also together with readable names',
      tests: [
        'tooling/bosh-release/test/templates.test.ts › a registry section of an old manifest renders, and is ignored',
      ],
    },
    {
      rule: '`rate_limit_timeout` (600 s) is all the time that one request sits out rate limits',
      tests: [
        'packages/openstack-driver/src/http/transport.test.ts › a rate limit without end',
        'packages/openstack-driver/src/http/retry-policy.test.ts › a longer wait than rate_limit_timeout leaves is not begun',
        'packages/openstack-driver/src/config/openstack-config.test.ts › everything but the login has a default',
      ],
    },
    {
      rule: '`request_retries` (10) limits the repetitions of a request',
      tests: [
        'packages/openstack-driver/src/http/transport.test.ts › request_retries limits them, and the last failure is told',
        'packages/openstack-driver/src/config/openstack-config.test.ts › everything but the login has a default',
      ],
    },
    {
      rule: "`endpoint_overrides` names URLs to use instead of the catalog's, under the names operators use",
      tests: [
        'packages/openstack-driver/src/http/catalog.test.ts › an override wins',
        'packages/openstack-driver/src/config/openstack-config.test.ts › endpoint_overrides take the names operators use',
        'packages/openstack-driver/src/config/openstack-config.test.ts › an unknown service',
      ],
    },
    {
      rule: '`default_root_volume_type` is the type of boot volumes',
      tests: [
        'packages/openstack-driver/src/methods/create-vm/boot-volume.test.ts › the configuration can turn it on, and give the type; the VM type has the last word',
      ],
    },
    {
      rule: '`disk_hint` (by-id) says whether attach_disk names virtio disks by the id of their volume or by a letter',
      tests: [
        'packages/openstack-driver/src/methods/attach-disk-device.test.ts › §1.1 disk_hint: letter brings the letters back',
        'packages/openstack-driver/src/planning/disk-hint.test.ts › §1.1 disk_hint: letter makes device %j the hint %j',
      ],
    },
    {
      rule: '`force_hard_reboot_after` says when a hard reboot follows a soft one',
      tests: [
        'packages/openstack-driver/src/methods/reboot-vm.test.ts › a guest that does not follow within %i s is rebooted hard',
      ],
    },
    {
      rule: '`tag_resources` (on) marks what is made; off, nothing but what clean-up needs is written',
      tests: [
        'packages/openstack-driver/test/config-effects.test.ts › tag_resources: false leaves ports without tags and the boot volume without the metadata of the director',
        'packages/openstack-driver/src/methods/creation-marks.test.ts › tag_resources: false leaves disks, snapshots and networks without any mark',
        'packages/openstack-driver/src/methods/create-stemcell.test.ts › no traces of ours with tag_resources: false',
      ],
    },
    {
      rule: '`load_balancer_api` (auto) decides between Octavia and Neutron',
      tests: [
        'packages/openstack-driver/src/http/session.test.ts › §1.1 load_balancer_api %s: where pools are asked for without and with Octavia in the catalog',
        'packages/openstack-driver/src/http/session.test.ts › §1.1 load_balancer_api octavia: a catalog without it is an error, not a reason to ask Neutron',
      ],
    },
    {
      rule: '`nova_microversion_max` caps what is asked of Nova',
      tests: [
        'packages/openstack-driver/src/http/transport.test.ts › §3.2 microversions are discovered once and sent with the request that needs them',
        'packages/openstack-driver/src/methods/create-vm/boot-volume.test.ts › with an older Nova the volume is made beforehand',
        'packages/openstack-driver/src/config/openstack-config.test.ts › a microversion as a number',
      ],
    },
  ],
  '1.2': [
    {
      rule: 'Problems come as one error that says that the cloud properties are invalid',
      tests: [
        'packages/openstack-driver/src/config/openstack-config.test.ts › a missing section',
        'packages/openstack-driver/src/config/openstack-config.test.ts › all problems are told at once, and no secret with them',
      ],
    },
    {
      rule: 'The section must be there, in the file or in the call',
      tests: [
        'packages/openstack-driver/src/config/openstack-config.test.ts › a missing section',
        'packages/openstack-driver/src/config/openstack-config.test.ts › a context alone is enough',
      ],
    },
    {
      rule: 'One whole pair of credentials, with the wording that operators know',
      tests: [
        'packages/openstack-driver/src/config/openstack-config.test.ts › no password',
        'packages/openstack-driver/src/config/openstack-config.test.ts › both pairs',
        'packages/openstack-driver/src/config/openstack-config.test.ts › one pair and a half',
      ],
    },
    {
      rule: 'The type of each property is checked',
      tests: [
        'packages/openstack-driver/src/config/openstack-config.test.ts › every property but the withdrawn one has a type that is checked',
        'packages/openstack-driver/src/config/openstack-config.test.ts › a nested type',
      ],
    },
    {
      rule: 'Keystone v3 needs a project',
      tests: ['packages/openstack-driver/src/config/openstack-config.test.ts › no project'],
    },
    {
      rule: 'Keystone v3 needs a domain or the names of both',
      tests: [
        'packages/openstack-driver/src/config/openstack-config.test.ts › no domain',
        'packages/openstack-driver/src/config/openstack-config.test.ts › one of two domains',
      ],
    },
    {
      rule: 'Keystone v2 needs a tenant',
      tests: ['packages/openstack-driver/src/config/openstack-config.test.ts › v2 without tenant'],
    },
    {
      rule: '`config_drive` is one of two values',
      tests: ['packages/openstack-driver/src/config/openstack-config.test.ts › config_drive'],
    },
    {
      rule: 'All problems are told together, without secrets',
      tests: [
        'packages/openstack-driver/src/config/openstack-config.test.ts › all problems are told at once, and no secret with them',
        'apps/cli/test/rpc-cloud.test.ts › several mistakes',
      ],
    },
    {
      rule: 'Unknown properties are warned of and ignored',
      tests: [
        'packages/openstack-driver/src/config/openstack-config.test.ts › unknown properties are ignored with a warning, `vm` of the context without',
        'packages/openstack-driver/src/create-context.test.ts › §1.2 what is not known is warned of in the log of the call',
      ],
    },
    { rule: '`info` is answered whatever the configuration', tests: ['apps/cli/test/rpc.test.ts › §5 info'] },
    {
      rule: "A whole pair of credentials in the call takes the file's other pair away, half a pair does not",
      tests: [
        "packages/openstack-driver/src/config/openstack-config.test.ts › the context's application credential drops the file's password",
        "packages/openstack-driver/src/config/openstack-config.test.ts › the context's password drops the file's application credential",
        'packages/openstack-driver/src/config/openstack-config.test.ts › an incomplete pair in the context drops nothing',
      ],
    },
    {
      rule: "The call's project takes the file's away, by name or id",
      tests: [
        "packages/openstack-driver/src/config/openstack-config.test.ts › the context's project drops the file's project_id",
        "packages/openstack-driver/src/config/openstack-config.test.ts › the context's project_id and two domains drop the file's project and domain",
      ],
    },
    {
      rule: "The call's domain takes the file's two domains away, and the other way round",
      tests: [
        "packages/openstack-driver/src/config/openstack-config.test.ts › the context's domain drops the file's two domains",
        "packages/openstack-driver/src/config/openstack-config.test.ts › the context's project_id and two domains drop the file's project and domain",
      ],
    },
  ],
  '2.1': [
    {
      rule: 'Password login: method, user with its domain, scope with project and domain',
      tests: ['packages/openstack-driver/src/http/login.test.ts › §2.1 password, project by name'],
    },
    {
      rule: 'A project by id needs no domain in the scope',
      tests: ['packages/openstack-driver/src/http/login.test.ts › §2.1 password, project by id: no domain beside it'],
    },
    {
      rule: 'Application credential: without a scope',
      tests: [
        'packages/openstack-driver/src/http/login.test.ts › §2.1 application credential: no scope, which Keystone would refuse',
        'tooling/e2e/suite/logins.test.ts › an application credential needs no project, and a wrong secret of it is refused without being told',
      ],
    },
    {
      rule: 'The login is a POST without a token to the tokens of v3',
      tests: [
        'packages/openstack-driver/src/http/token-source.test.ts › §2.1 the login goes without a token, and 200 is as good as 201',
        'packages/openstack-driver/src/http/login.test.ts › §2.1 password, project by name',
      ],
    },
    {
      rule: '201 and 200 are both a login',
      tests: [
        'packages/openstack-driver/src/http/token-source.test.ts › §2.1 the login goes without a token, and 200 is as good as 201',
        'packages/openstack-driver/src/http/token-source.test.ts › callers at the same time, of several services, share one login',
      ],
    },
    {
      rule: "The token is the answer's `X-Subject-Token`; without one the login failed",
      tests: [
        'packages/openstack-driver/src/http/login.test.ts › §2.1 a v3 token: header, end, project, user, roles and catalog',
        'packages/openstack-driver/src/http/login.test.ts › no header',
      ],
    },
    {
      rule: 'End, project, user and catalog are read from the body, the region by id or by name',
      tests: [
        'packages/openstack-driver/src/http/login.test.ts › §2.1 a v3 token: header, end, project, user, roles and catalog',
        'packages/openstack-driver/test/hostile-answers.test.ts › §2.1 any answer to a login gives a token with its catalog, or is refused',
      ],
    },
  ],
  '2.2': [
    {
      rule: 'Login with user, password and tenant at the tokens of v2.0',
      tests: [
        'packages/openstack-driver/src/http/login.test.ts › §2.2 Keystone v2',
        'packages/openstack-driver/test/other-clouds.test.ts › §2.2 Keystone v2',
      ],
    },
    {
      rule: 'Token, end, tenant and catalog are read, one endpoint per interface',
      tests: ['packages/openstack-driver/src/http/login.test.ts › §2.2 a v2 catalog has one endpoint per interface'],
    },
  ],
  '2.3': [
    {
      rule: 'Nothing is asked before the first request',
      tests: ['packages/openstack-driver/src/http/token-source.test.ts › nothing is asked before the first request'],
    },
    {
      rule: 'One login for all services and all callers of a process',
      tests: [
        'packages/openstack-driver/src/http/token-source.test.ts › callers at the same time, of several services, share one login',
        'packages/openstack-driver/src/methods/create-vm.test.ts › takes at most nine requests before it polls, one login among them',
      ],
    },
    {
      rule: "A service's 401 leads to one new login and one repetition, for all callers together",
      tests: [
        'packages/openstack-driver/src/http/token-source.test.ts › a service that refuses the token: logged in anew once, request repeated, all in one login',
        'tooling/e2e/suite/kept-logins.test.ts › driver spec §2.3 a refused token is renewed once, for all that follow',
      ],
    },
    {
      rule: 'That holds for POST too; a stream that was begun cannot be sent again',
      tests: [
        'packages/openstack-driver/src/http/repeating.test.ts › has kept a POST from being processed: it is sent once more',
        'packages/openstack-driver/src/http/repeating.test.ts › has used up a stream: the upload fails',
      ],
    },
    {
      rule: 'A second 401 ends it',
      tests: [
        'packages/openstack-driver/src/http/token-source.test.ts › a service that refuses the fresh token too: kind auth',
      ],
    },
    {
      rule: 'A token with less than 30 s of life is renewed beforehand',
      tests: ['packages/openstack-driver/src/http/token-source.test.ts › with %d ms left, %d logins'],
    },
    {
      rule: 'Waits outlive tokens',
      tests: [
        'packages/openstack-driver/test/other-clouds.test.ts › outlast no wait: the call logs in anew and goes on',
      ],
    },
    {
      rule: "Keystone's own 401 is final, without a repetition and without the password",
      tests: [
        'packages/openstack-driver/src/http/token-source.test.ts › §2.3 401: fatal, at once, and without the password',
        'apps/cli/test/rpc-cloud.test.ts › a wrong password',
      ],
    },
  ],
  '2.4': [
    {
      rule: 'Each service goes by certain types, the first that the catalog has',
      tests: [
        'packages/openstack-driver/src/http/catalog.test.ts › %s goes by %j, the first that is there',
        'packages/openstack-driver/src/http/catalog.test.ts › types of a service in their order, whatever the order of the catalog',
      ],
    },
    {
      rule: 'URLs of compute and block storage are used as they are',
      tests: ['packages/openstack-driver/src/http/catalog.test.ts › %s at %s'],
    },
    {
      rule: 'Image gets `v2`, network `v2.0`, unless a version is there',
      tests: ['packages/openstack-driver/src/http/catalog.test.ts › %s at %s'],
    },
    {
      rule: 'Load balancer URLs get version and path, neither twice',
      tests: [
        'packages/openstack-driver/src/http/catalog.test.ts › %s at %s',
        'packages/openstack-driver/src/http/session.test.ts › §1.1 load_balancer_api %s: where pools are asked for without and with Octavia in the catalog',
      ],
    },
    {
      rule: 'Region, if configured, and interface must fit',
      tests: [
        'packages/openstack-driver/src/http/catalog.test.ts › by region',
        'packages/openstack-driver/src/http/catalog.test.ts › by interface',
      ],
    },
    {
      rule: 'Of several matches the first counts',
      tests: ['packages/openstack-driver/src/http/catalog.test.ts › first match without region'],
    },
    {
      rule: 'No match: the error names service, region, interface and what the catalog has',
      tests: [
        'packages/openstack-driver/src/http/catalog.test.ts › none: the error names what was looked for and what there is',
        'apps/cli/test/rpc-cloud.test.ts › an unknown region',
      ],
    },
    {
      rule: 'Services that a call does not need may be missing or out of reach',
      tests: [
        'packages/openstack-driver/test/other-clouds.test.ts › §2.4 a cloud without Octavia and with a Cinder that is out of reach boots plain VMs',
      ],
    },
  ],
}
