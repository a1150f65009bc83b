import type { SpecRules } from './rule.ts'

/** §3 of the driver's specification. */
export const http: SpecRules = {
  '3.1': [
    {
      rule: "Token, accepted and sent type are in each request's headers",
      tests: ['packages/openstack-driver/src/http/transport.test.ts › of a request with a body'],
    },
    {
      rule: 'Uploads are sent as octets',
      tests: ['packages/openstack-driver/src/http/uploads.test.ts › are streamed as octets'],
    },
    {
      rule: "Requests bear the project's name and version",
      tests: [
        'apps/cli/test/rpc-cloud.test.ts › driver spec §3.1 requests bear the name and version of the project',
        'packages/openstack-driver/src/http/transport.test.ts › of a request with a body',
      ],
    },
    {
      rule: 'Each request, repeated ones too, has a request id of its own',
      tests: [
        'packages/openstack-driver/src/http/repeating.test.ts › §3.1 each request has an id of its own, also when it is repeated',
      ],
    },
    {
      rule: 'The request id that the service gave, in either header, is in log and error',
      tests: [
        "packages/openstack-driver/src/http/repeating.test.ts › §3.1 the answer's %s is logged",
        "packages/openstack-driver/src/http/transport.test.ts › the cloud's request id is in log and error",
      ],
    },
  ],
  '3.2': [
    {
      rule: 'Without need no microversion is asked for',
      tests: [
        'packages/openstack-driver/test/microversions.test.ts › §3.2 what needs no microversion is asked for without one; servers are never read at 2.47 or above',
        'packages/openstack-driver/src/http/transport.test.ts › §3.2 microversions are discovered once and sent with the request that needs them',
      ],
    },
    {
      rule: "A request that needs one bears it in each service's dialect, Nova's in both headers",
      tests: [
        'packages/openstack-driver/src/http/microversion.test.ts › §3.2 each service is asked in its dialect',
        'packages/openstack-driver/src/http/transport.test.ts › §3.2 microversions are discovered once and sent with the request that needs them',
      ],
    },
    {
      rule: 'What a service understands is discovered once, from its version document',
      tests: [
        'packages/openstack-driver/src/http/transport.test.ts › §3.2 microversions are discovered once and sent with the request that needs them',
        'packages/openstack-driver/src/http/microversion.test.ts › §3.2 discovery',
        'packages/openstack-driver/src/http/catalog.test.ts › §3.2 the version document of %s',
      ],
    },
    {
      rule: 'Soft policies of server groups are made at 2.15; an older Nova is an error that names it',
      tests: [
        'packages/openstack-driver/test/microversions.test.ts › for soft policies of server groups: the error names the microversion, and nothing is left',
        'packages/openstack-driver/src/methods/create-vm/server-group.test.ts › is made on demand, shared by name, and removed with its last member',
      ],
    },
    {
      rule: 'Tags at the creation of servers take 2.52; an older Nova gets none, with a warning',
      tests: [
        'packages/openstack-driver/src/methods/create-vm.test.ts › tags and metadata are there from the first moment (§5.1)',
        'packages/openstack-driver/test/microversions.test.ts › for tags of servers: they are left out, with a warning',
      ],
    },
    {
      rule: "Volumes of several servers are attached at 2.60; an older Nova's refusal names it",
      tests: [
        'packages/openstack-driver/src/methods/attach-disk.test.ts › a disk that may have several servers',
        "packages/openstack-driver/test/microversions.test.ts › for volumes of several servers: Nova's words, which name the microversion, reach the operator",
      ],
    },
    {
      rule: 'The type of a boot volume is sent at 2.67; with an older Nova the volume is made beforehand',
      tests: [
        'packages/openstack-driver/src/methods/create-vm/boot-volume.test.ts › with Nova 2.67 the mapping names the type',
        'packages/openstack-driver/src/methods/create-vm/boot-volume.test.ts › with an older Nova the volume is made beforehand',
      ],
    },
    {
      rule: 'No server is read at 2.47 or above, where the flavor has no id',
      tests: [
        'packages/openstack-driver/test/microversions.test.ts › §3.2 what needs no microversion is asked for without one; servers are never read at 2.47 or above',
      ],
    },
    {
      rule: "Volumes in use are not extended, so Cinder's 3.42 is never needed",
      tests: [
        'packages/openstack-driver/src/methods/resize-disk.test.ts › an attached disk: refused before anything is asked',
        'packages/openstack-driver/test/microversions.test.ts › §3.2 what needs no microversion is asked for without one; servers are never read at 2.47 or above',
      ],
    },
    {
      rule: 'From 2.37 on a server without networks says that Nova may choose',
      tests: [
        'packages/openstack-driver/test/microversions.test.ts › §3.2 from 2.37 on Nova is told that it may choose the network, below it is not',
      ],
    },
  ],
  '3.3': [
    {
      rule: 'The CA of the file counts for every request, uploads included',
      tests: [
        'tooling/e2e/suite/tls.test.ts › every request trusts the CA of the file, uploads included',
        'packages/openstack-driver/src/http/connections.test.ts › the CA file',
        'tooling/bosh-release/test/templates.test.ts › boot-from-volume, disable-readable-vm-names, custom-ca, trusted certificates',
      ],
    },
    {
      rule: 'The call may bring a CA as text',
      tests: [
        'tooling/e2e/suite/tls.test.ts › the CA may come with the context, as text',
        'packages/openstack-driver/src/http/connections.test.ts › ca_cert of the configuration',
      ],
    },
    {
      rule: 'An unknown authority is an error at once, before anything is sent',
      tests: [
        'packages/openstack-driver/src/http/connections.test.ts › §3.3 an unknown authority is a matter for the operator, not for patience (%j)',
        'tooling/e2e/suite/tls.test.ts › an unknown CA is an error before any credential is sent; ssl_verify_peer: false is the way out',
      ],
    },
    {
      rule: '`ssl_verify_peer: false` switches verification off and is warned of once',
      tests: [
        'packages/openstack-driver/src/http/connections.test.ts › ssl_verify_peer false',
        'packages/openstack-driver/src/create-context.test.ts › §3.3 ssl_verify_peer: false is warned of, once per call',
      ],
    },
    {
      rule: '`connect_timeout` (60 s) ends when TLS is agreed on; nobody has seen the request then',
      tests: [
        'packages/openstack-driver/src/http/send-http.test.ts › connect_timeout: until TLS is agreed on; nobody has seen the request',
        'packages/openstack-driver/src/config/openstack-config.test.ts › everything but the login has a default',
      ],
    },
    {
      rule: '`write_timeout` counts between two steps of sending',
      tests: ['packages/openstack-driver/src/http/send-http.test.ts › write_timeout: between two steps of sending'],
    },
    {
      rule: '`read_timeout` (60 s) counts from the last byte sent, for uploads too',
      tests: [
        'packages/openstack-driver/src/http/send-http.test.ts › read_timeout and its like for uploads: count from the last byte sent',
        'packages/openstack-driver/src/http/transport.test.ts › a service that does not answer in read_timeout',
        'packages/openstack-driver/src/http/transport.test.ts › an answer that never comes to its end is a time-out',
      ],
    },
    {
      rule: 'The answer to an upload may take as long as `state_timeout`',
      tests: [
        'packages/openstack-driver/src/http/uploads.test.ts › §3.3 have state_timeout for the answer, as backends are slow',
      ],
    },
    {
      rule: 'Proxies of the environment are used in both spellings, for http and https',
      tests: [
        'packages/openstack-driver/src/http/proxies.test.ts › §3.3 proxies',
        'packages/openstack-driver/src/http/tunnels.test.ts › %s: a tunnel, in which the service is verified',
      ],
    },
    {
      rule: '`NO_PROXY` is honoured in both spellings',
      tests: [
        'packages/openstack-driver/src/http/proxies.test.ts › %s: the proxy is not asked',
        'packages/openstack-driver/src/http/tunnels.test.ts › NO_PROXY: no tunnel',
      ],
    },
    {
      rule: "A configured proxy wins over the environment's",
      tests: [
        'packages/openstack-driver/src/http/proxies.test.ts › connection_options.proxy over the environment',
        'packages/openstack-driver/src/http/tunnels.test.ts › connection_options.proxy: a tunnel as well, whatever the environment names',
      ],
    },
    {
      rule: 'Connections are kept and used again',
      tests: [
        'packages/openstack-driver/src/http/send-http.test.ts › §3.3 requests that follow each other share a connection',
      ],
    },
    {
      rule: 'IPv6 literals work in URLs, with the right `Host`',
      tests: [
        'packages/openstack-driver/src/http/tunnels.test.ts › §3.3 IPv6 literals',
        'packages/openstack-driver/src/config/openstack-config.test.ts › auth_url %s',
        'packages/openstack-driver/src/http/catalog.test.ts › %s at %s',
      ],
    },
  ],
  '3.4': [
    {
      rule: 'Every list is followed to its last page',
      tests: [
        'packages/openstack-driver/src/services/lists.test.ts › §3.4 each list is followed to its end',
        'packages/openstack-driver/src/http/transport.test.ts › are followed to their end, also when the last page is empty',
      ],
    },
    {
      rule: 'Nova, Neutron, Cinder and Octavia point at the next page by links',
      tests: [
        'packages/openstack-driver/src/http/pagination.test.ts › by link',
        'packages/openstack-driver/src/services/lists.test.ts › §3.4 each list is followed to its end',
      ],
    },
    {
      rule: 'A full page of the asked size without links is followed by the last id',
      tests: [
        'packages/openstack-driver/src/http/pagination.test.ts › a full page without links, when a size was asked for',
        'packages/openstack-driver/src/http/pagination.test.ts › a page that is not full',
      ],
    },
    {
      rule: 'Glance points at it by a path',
      tests: [
        'packages/openstack-driver/src/http/pagination.test.ts › Glance, last',
        'packages/openstack-driver/src/services/lists.test.ts › §3.4 each list is followed to its end',
      ],
    },
    {
      rule: 'Lists of server groups have no pointer and are paged by offset',
      tests: [
        'packages/openstack-driver/src/http/pagination.test.ts › by offset, last',
        'packages/openstack-driver/src/services/lists.test.ts › §3.4 each list is followed to its end',
      ],
    },
    {
      rule: 'A pointer leads to no other host, and not in a circle',
      tests: [
        'packages/openstack-driver/src/http/pagination.test.ts › another host never gets our token',
        'packages/openstack-driver/src/http/transport.test.ts › §3.4 no page twice',
        'packages/openstack-driver/test/hostile-answers.test.ts › it is on the same host and path, or refused',
      ],
    },
    {
      rule: 'Pages that a service cuts unasked are followed: a large project works like a small one',
      tests: [
        'packages/openstack-driver/test/large-tenant.test.ts › §3.4 a project with 3,000 servers, 5,000 ports, 1,200 flavors, 500 groups: the same requests, one page of flavors more',
      ],
    },
    {
      rule: 'Security groups are looked for by name',
      tests: [
        'packages/openstack-driver/src/services/lists.test.ts › security groups by name',
        'packages/openstack-driver/test/filtered-lists.test.ts › §3.4 in the life of a VM nothing is listed unfiltered that could be filtered',
      ],
    },
    {
      rule: 'Ports are looked for by server',
      tests: [
        'packages/openstack-driver/src/services/lists.test.ts › ports by server',
        'packages/openstack-driver/test/filtered-lists.test.ts › §3.4 in the life of a VM nothing is listed unfiltered that could be filtered',
      ],
    },
    {
      rule: 'Floating IPs are looked for by address',
      tests: [
        'packages/openstack-driver/src/services/lists.test.ts › floating IPs by address',
        'packages/openstack-driver/test/filtered-lists.test.ts › §3.4 in the life of a VM nothing is listed unfiltered that could be filtered',
      ],
    },
    {
      rule: 'A key pair is read by name',
      tests: ['packages/openstack-driver/src/services/lists.test.ts › a key pair by name'],
    },
    {
      rule: 'Servers are looked for by an anchored, escaped name',
      tests: [
        'packages/openstack-driver/src/services/lists.test.ts › servers by name, which Nova takes for a regular expression',
      ],
    },
    {
      rule: 'Pools are looked for by name',
      tests: [
        'packages/openstack-driver/src/services/lists.test.ts › pools by name',
        'packages/openstack-driver/test/filtered-lists.test.ts › §3.4 in the life of a VM nothing is listed unfiltered that could be filtered',
      ],
    },
    {
      rule: 'A flavor is read by id; by name it is looked for in the list',
      tests: [
        'packages/openstack-driver/src/services/lists.test.ts › a flavor by id',
        'packages/openstack-driver/test/large-tenant.test.ts › §3.4 a project with 3,000 servers, 5,000 ports, 1,200 flavors, 500 groups: the same requests, one page of flavors more',
      ],
    },
  ],
  '3.5': [
    {
      rule: '429 is sat out, whatever the method',
      tests: [
        'packages/openstack-driver/src/http/retry-policy.test.ts › 429 without a word',
        'packages/openstack-driver/src/http/transport.test.ts › a rate limit is sat out, whatever the method',
      ],
    },
    {
      rule: '413 that speaks of a rate limit is sat out, any other is not',
      tests: [
        'packages/openstack-driver/src/http/retry-policy.test.ts › 413 over limit',
        'packages/openstack-driver/src/http/retry-policy.test.ts › 413 over limit, other name',
        'packages/openstack-driver/src/http/retry-policy.test.ts › 413 of a proxy',
      ],
    },
    {
      rule: '503 with `Retry-After` is sat out; a create is looked for first',
      tests: [
        'packages/openstack-driver/src/http/retry-policy.test.ts › 503 with Retry-After',
        'packages/openstack-driver/src/http/transport.test.ts › a create that a busy service puts off is sent again when the service said',
        'packages/openstack-driver/src/methods/resize-disk.test.ts › §3.5 Cinder puts it off: asked again when it said, however often',
      ],
    },
    {
      rule: "The wait is the header's, seconds or date, else the body's",
      tests: [
        'packages/openstack-driver/src/http/repeating.test.ts › what the header says',
        'packages/openstack-driver/src/http/repeating.test.ts › else what the body says',
        'packages/openstack-driver/src/http/retry-after.test.ts › §3.5 Retry-After %j',
      ],
    },
    {
      rule: 'Without either it is 3 s, doubling up to 60 s',
      tests: [
        'packages/openstack-driver/src/http/retry-policy.test.ts › waits for rate limits double from 3 s to 60 s',
        'packages/openstack-driver/src/http/repeating.test.ts › else 3 s',
      ],
    },
    {
      rule: 'Jitter spreads the pauses, and only adds to what a service asked for',
      tests: [
        'packages/openstack-driver/src/http/retry-policy.test.ts › pauses are spread by ±20 %',
        'packages/openstack-driver/src/http/retry-policy.test.ts › 429 with Retry-After',
      ],
    },
    {
      rule: 'All such waits of a request end with `rate_limit_timeout`',
      tests: [
        'packages/openstack-driver/src/http/retry-policy.test.ts › all waits for rate limits together stay within the budget, and the waiting ends',
        'packages/openstack-driver/src/http/transport.test.ts › a rate limit without end',
        'packages/openstack-driver/src/http/limits.test.ts › is sent again while the service asks for no more than rate_limit_timeout in all',
      ],
    },
    {
      rule: 'Waits for rate limits are logged, and use up no repetitions',
      tests: [
        'packages/openstack-driver/src/http/transport.test.ts › a rate limit is sat out, whatever the method',
        'packages/openstack-driver/src/http/retry-policy.test.ts › rate limits do not use up request_retries',
      ],
    },
    {
      rule: 'A quota that is disguised as a rate limit is final at once',
      tests: [
        'packages/openstack-driver/src/http/retry-policy.test.ts › 413 volume quota',
        "packages/openstack-driver/src/http/transport.test.ts › Cinder's quota is told at once",
        'packages/openstack-driver/src/methods/create-disk.test.ts › a used-up quota: NoDiskSpace at once, not to be retried',
      ],
    },
    {
      rule: '500, 502, 503, 504 and broken connections: what may be done twice is repeated, 3 s later',
      tests: [
        'packages/openstack-driver/src/http/repeating.test.ts › §3.5 what does the same when done twice is repeated, 3 s later',
        'packages/openstack-driver/src/http/transport.test.ts › a read: 3 s apart, until it works',
      ],
    },
    {
      rule: 'Repetitions end after `request_retries`, or with `state_timeout`',
      tests: [
        'packages/openstack-driver/src/http/retry-policy.test.ts › request_retries is the end of it',
        'packages/openstack-driver/src/http/limits.test.ts › §3.5 repetitions end with state_timeout, however many there may be',
        'packages/openstack-driver/src/http/transport.test.ts › request_retries limits them, and the last failure is told',
      ],
    },
    {
      rule: 'A POST is repeated where nobody has seen it: refused connection, unknown name',
      tests: [
        'packages/openstack-driver/src/http/transport.test.ts › a service that is not there: also a POST is repeated',
        'packages/openstack-driver/src/http/repeating.test.ts › §3.5 a name that DNS does not know: no request was sent, so also a POST is repeated',
      ],
    },
    {
      rule: "A POST is repeated after a proxy's 503, not after one of the service",
      tests: [
        'packages/openstack-driver/src/http/repeating.test.ts › of a proxy is repeated: the service has not seen it',
        'packages/openstack-driver/src/http/repeating.test.ts › of the service is not',
      ],
    },
    {
      rule: 'A POST that may have been processed is never repeated blindly',
      tests: [
        'packages/openstack-driver/src/http/repeating.test.ts › §3.5 a POST that may have been processed is not',
        'packages/openstack-driver/src/http/retry-policy.test.ts › what may have taken effect is never repeated blindly',
        'packages/openstack-driver/src/http/transport.test.ts › an action whose answer was lost is not repeated: kind ambiguous',
      ],
    },
    {
      rule: 'A create in doubt is looked for by its unique name, and adopted',
      tests: [
        'packages/openstack-driver/src/http/create-once.test.ts › took effect: it is adopted, at once',
        'packages/openstack-driver/src/http/transport.test.ts › a create whose answer was lost is looked up by its name',
        'packages/openstack-driver/src/methods/create-disk.test.ts › §3.5 a lost answer: one volume',
      ],
    },
    {
      rule: 'If it is not there after 3 s it is created again, within the same limits',
      tests: [
        'packages/openstack-driver/src/http/create-once.test.ts › took no effect: it is sent again after 3 s',
        'packages/openstack-driver/src/http/limits.test.ts › is sent again as often as request_retries says',
        'packages/openstack-driver/src/methods/create-disk.test.ts › §3.5 a lost request: sent again, one volume',
      ],
    },
    {
      rule: 'A twin that shows up late is removed',
      tests: [
        'packages/openstack-driver/src/http/create-once.test.ts › came to life after all: the twin goes',
        'packages/openstack-driver/src/http/create-once.test.ts › then a refusal: what the lost attempt made goes, and the refusal is raised',
      ],
    },
    {
      rule: 'The same holds for servers, ports, groups and boot volumes',
      tests: [
        'packages/openstack-driver/src/methods/create-vm/rollback.test.ts › of create_vm, number %i: a VM or nothing',
        'packages/openstack-driver/src/methods/create-vm/server-group.test.ts › a lost answer makes no second group',
      ],
    },
    {
      rule: 'The same holds for networks, subnets and router interfaces',
      tests: ['packages/openstack-driver/src/methods/create-network.test.ts › §3.5 a lost answer of %s: no twin'],
    },
    {
      rule: 'The same holds for snapshots, images and pool members',
      tests: [
        'packages/openstack-driver/src/methods/snapshot-disk.test.ts › §3.5 a lost answer: one snapshot',
        'packages/openstack-driver/src/methods/create-stemcell.test.ts › §3.5 a lost answer to the creation makes no twin',
        'packages/openstack-driver/src/methods/create-vm/pool-memberships.test.ts › a lost answer makes no second member',
      ],
    },
    {
      rule: 'Actions without a name are looked up by what they change',
      tests: [
        'packages/openstack-driver/src/methods/attach-disk.test.ts › §3.5 a connection that breaks %s it takes effect: attached once',
        'packages/openstack-driver/src/methods/resize-disk.test.ts › §3.5 the connection breaks %s the extension takes effect',
        'packages/openstack-driver/src/methods/reboot-vm.test.ts › a lost answer is no reason to reboot twice',
      ],
    },
    {
      rule: 'An answer that cannot be read leaves the same doubt',
      tests: [
        'packages/openstack-driver/src/methods/create-disk.test.ts › §3.5: made, but answered with %s: the volume is found by its name',
        'packages/openstack-driver/src/http/transport.test.ts › an empty answer tells nothing: not what was asked for, nor whether something was made',
      ],
    },
    {
      rule: '404 to a DELETE is a success',
      tests: [
        'packages/openstack-driver/src/methods/deleted-meanwhile.test.ts › §3.5 %s: a DELETE that is answered with 404 is a success',
      ],
    },
    {
      rule: '409 is judged by each method: a busy server is waited for, a lock is not',
      tests: [
        'packages/openstack-driver/src/methods/attach-disk.test.ts › is waited for',
        'packages/openstack-driver/src/methods/attach-disk.test.ts › but a lock does not pass by waiting',
        'packages/openstack-driver/src/methods/detach-disk.test.ts › §3.5 a server with another task is asked again',
      ],
    },
    {
      rule: "Anything else is final, with the service's own words",
      tests: [
        "packages/openstack-driver/src/http/transport.test.ts › the cloud's request id is in log and error",
        'packages/openstack-driver/src/http/retry-policy.test.ts › 400',
        'packages/openstack-driver/src/errors/map-error.test.ts › contract §4.1: the message names the step, the words of the cloud and a remedy',
      ],
    },
    {
      rule: 'A login has five tries, a second apart',
      tests: [
        'packages/openstack-driver/src/http/token-source.test.ts › §3.5 five tries, a second apart',
        'packages/openstack-driver/src/http/token-source.test.ts › and no sixth; the next caller tries again',
      ],
    },
    {
      rule: "The words are found in each service's form of a fault",
      tests: ['packages/openstack-driver/src/http/fault.test.ts › §3.5 each dialect, as the services write it'],
    },
    {
      rule: 'Markup is stripped and long texts are cut at 2 KiB',
      tests: [
        'packages/openstack-driver/src/http/fault.test.ts › a proxy answers with a page',
        'packages/openstack-driver/src/http/fault.test.ts › long texts are cut at 2 KiB',
        'packages/openstack-driver/test/hostile-answers.test.ts › §3.5 any body of a refusal gives a message that fits in a line of the task',
      ],
    },
    {
      rule: "The error has the status in words, the service's message and a hint at the debug log",
      tests: [
        "packages/openstack-driver/src/http/transport.test.ts › the cloud's request id is in log and error",
        'packages/openstack-driver/src/errors/map-error.test.ts › contract §4.1: the message names the step, the words of the cloud and a remedy',
      ],
    },
  ],
  '3.6': [
    {
      rule: 'A wait ends with an error after `state_timeout`, with a last look',
      tests: [
        'packages/openstack-driver/src/http/waiter.test.ts › after state_timeout, having looked once more at the very end',
        'packages/openstack-driver/src/create-context.test.ts › §1.1 waits poll at wait_resource_poll_interval and end after state_timeout',
      ],
    },
    {
      rule: 'States are compared without regard to case',
      tests: ['packages/openstack-driver/src/services/waits.test.ts › §3.6 states are compared without regard to case'],
    },
    {
      rule: "A state of failure ends it at once, with the server's fault and its details",
      tests: [
        'packages/openstack-driver/src/http/waiter.test.ts › at once in a state of failure, with the reason the service gives',
        "packages/openstack-driver/src/services/waits.test.ts › an ERROR tells Nova's fault and its details",
      ],
    },
    {
      rule: 'Not there ends a wait for deletion, and fails any other',
      tests: [
        'packages/openstack-driver/src/http/waiter.test.ts › when the object is gone: failure, or success of a wait for that',
        'packages/openstack-driver/src/services/waits.test.ts › one that was deleted meanwhile is a failure, and so is one that is not there',
      ],
    },
    {
      rule: 'The texts of time-out, failure and absence are those that operators know',
      tests: [
        'packages/openstack-driver/src/http/waiter.test.ts › after state_timeout, having looked once more at the very end',
        'packages/openstack-driver/src/http/waiter.test.ts › at once in a state of failure, with the reason the service gives',
        'packages/openstack-driver/src/http/waiter.test.ts › when the object is gone: failure, or success of a wait for that',
      ],
    },
    {
      rule: 'State and task are logged when they change',
      tests: [
        'packages/openstack-driver/src/services/waits.test.ts › a: state and task are logged when one of them changes',
        'packages/openstack-driver/src/http/waiter.test.ts › with the object when it is in the wanted state; each change is logged once',
      ],
    },
    {
      rule: 'During a deletion `ERROR` with a task is not final; without one the DELETE is sent again, once',
      tests: [
        'packages/openstack-driver/src/services/waits.test.ts › b: in ERROR with a task running the deletion goes on; without one the DELETE is sent again, once',
      ],
    },
    {
      rule: 'A poll that fails for a moment does not end the wait',
      tests: [
        'packages/openstack-driver/src/http/waiter.test.ts › §3.6 c: what passes does not end a wait',
        'packages/openstack-driver/src/http/waiter.test.ts › and the last failure is the cause when time runs out',
      ],
    },
    {
      rule: 'The first polls come sooner, then one per interval',
      tests: [
        'packages/openstack-driver/src/http/waiter.test.ts › soon at first, later once per interval',
        'packages/openstack-driver/src/http/waiter.test.ts › never later than a fixed interval would notice, with at most twice its requests',
      ],
    },
    {
      rule: 'All volume states that begin with `error` are failures',
      tests: [
        'packages/openstack-driver/src/services/waits.test.ts › %s is a failure',
        'packages/openstack-driver/src/services/waits.test.ts › deleted means 404; error_deleting is a failure',
      ],
    },
    {
      rule: 'A server is ready when `ACTIVE`; `ERROR` and `DELETED` are failures',
      tests: [
        'packages/openstack-driver/src/services/waits.test.ts › an ACTIVE one is ready when the caller agrees',
        "packages/openstack-driver/src/services/waits.test.ts › an ERROR tells Nova's fault and its details",
        'packages/openstack-driver/src/services/waits.test.ts › one that was deleted meanwhile is a failure, and so is one that is not there',
      ],
    },
    {
      rule: 'A server is deleted with 404, `DELETED` or `SOFT_DELETED`; nothing but time makes it fail',
      tests: [
        'packages/openstack-driver/src/services/waits.test.ts › gone is: %s',
        'packages/openstack-driver/src/services/waits.test.ts › one that is never deleted is a time-out, whatever it is in',
      ],
    },
    {
      rule: 'A volume that was created, extended or retyped is waited for until `available`',
      tests: [
        'packages/openstack-driver/src/services/waits.test.ts › one that is in any other state is waited for until it is available',
        'packages/openstack-driver/src/methods/create-disk.test.ts › makes an available volume of the rounded-up size with a unique name',
        'packages/openstack-driver/src/methods/update-disk.test.ts › changes the type, then the size, in place',
      ],
    },
    {
      rule: 'A detached volume is waited for until it can be attached elsewhere',
      tests: [
        'packages/openstack-driver/src/methods/detach-disk.test.ts › returns when the disk can be attached elsewhere',
        'packages/openstack-driver/src/methods/detach-disk.test.ts › a guest that never lets go: the time-out says so',
      ],
    },
    {
      rule: 'A volume is attached when in use by our server; back to `available` is a failure',
      tests: [
        'packages/openstack-driver/src/services/waits.test.ts › attached means: in-use, with an attachment of our server; back to available means refused',
        'packages/openstack-driver/src/methods/attach-disk.test.ts › a hypervisor that refuses',
      ],
    },
    {
      rule: 'Volumes and snapshots are deleted with 404; `error_deleting` is a failure',
      tests: [
        'packages/openstack-driver/src/services/waits.test.ts › deleted means 404; error_deleting is a failure',
        'packages/openstack-driver/src/methods/delete-disk.test.ts › a deletion that fails is told',
        'packages/openstack-driver/src/methods/delete-snapshot.test.ts › a deletion that fails',
      ],
    },
    {
      rule: 'A snapshot is made when `available`; `error` is a failure',
      tests: [
        'packages/openstack-driver/src/services/waits.test.ts › §3.6 snapshots',
        'packages/openstack-driver/src/methods/snapshot-disk.test.ts › one that ends in error is removed',
      ],
    },
    {
      rule: 'An image goes from queued to active; killed, deleted, deactivated are failures',
      tests: [
        'packages/openstack-driver/src/services/waits.test.ts › §3.6 an image is waited for from queued over saving to active',
        'packages/openstack-driver/src/services/waits.test.ts › §3.6 an image that is %s fails',
        'packages/openstack-driver/src/methods/create-stemcell.test.ts › §3.6 an image that never gets active is removed when the time is up',
      ],
    },
    {
      rule: 'A load balancer is ready when `ACTIVE`; `ERROR` is a failure',
      tests: [
        'packages/openstack-driver/src/services/waits.test.ts › §3.6 a load balancer is looked at first: it mostly is ACTIVE',
        'packages/openstack-driver/src/services/waits.test.ts › §3.6 a load balancer in %s fails',
      ],
    },
  ],
}
