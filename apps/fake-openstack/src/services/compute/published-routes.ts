/** Every route of Nova, as its own packages publish them: methods and path, one path a line. */
export const publishedRoutes = `
GET /extensions
GET /extensions/:id
GET POST /flavors
GET PUT DELETE /flavors/:id
POST /flavors/:id/action
GET POST /flavors/:id/os-extra_specs
GET PUT DELETE /flavors/:id/os-extra_specs/:id
GET /flavors/:id/os-flavor-access
GET /flavors/detail
GET /images
GET DELETE /images/:id
GET POST PUT /images/:id/metadata
GET PUT DELETE /images/:id/metadata/:id
GET /images/detail
GET /limits
GET POST /os-agents
PUT DELETE /os-agents/:id
GET POST /os-aggregates
GET PUT DELETE /os-aggregates/:id
POST /os-aggregates/:id/action
POST /os-aggregates/:id/images
POST /os-assisted-volume-snapshots
DELETE /os-assisted-volume-snapshots/:id
GET /os-availability-zone
GET /os-availability-zone/detail
GET POST /os-baremetal-nodes
GET DELETE /os-baremetal-nodes/:id
POST /os-baremetal-nodes/:id/action
GET POST /os-cells
GET PUT DELETE /os-cells/:id
GET /os-cells/:id/capacities
GET /os-cells/capacities
GET /os-cells/detail
GET /os-cells/info
POST /os-cells/sync_instances
POST /os-certificates
GET /os-certificates/:id
GET POST /os-cloudpipe
PUT /os-cloudpipe/:id
GET /os-console-auth-tokens/:id
GET /os-fixed-ips/:id
POST /os-fixed-ips/:id/action
GET /os-floating-ip-dns
PUT DELETE /os-floating-ip-dns/:id
GET PUT DELETE /os-floating-ip-dns/:id/entries/:id
GET /os-floating-ip-pools
GET POST /os-floating-ips
GET POST /os-floating-ips-bulk
GET PUT /os-floating-ips-bulk/:id
GET DELETE /os-floating-ips/:id
GET /os-fping
GET /os-fping/:id
GET /os-hosts
GET PUT /os-hosts/:id
GET /os-hosts/:id/reboot
GET /os-hosts/:id/shutdown
GET /os-hosts/:id/startup
GET /os-hypervisors
GET /os-hypervisors/:id
GET /os-hypervisors/:id/search
GET /os-hypervisors/:id/servers
GET /os-hypervisors/:id/uptime
GET /os-hypervisors/detail
GET /os-hypervisors/statistics
GET /os-instance_usage_audit_log
GET /os-instance_usage_audit_log/:id
GET POST /os-keypairs
GET DELETE /os-keypairs/:id
GET /os-migrations
GET POST /os-networks
GET DELETE /os-networks/:id
POST /os-networks/:id/action
POST /os-networks/add
GET PUT /os-quota-class-sets/:id
GET PUT DELETE /os-quota-sets/:id
GET /os-quota-sets/:id/defaults
GET /os-quota-sets/:id/detail
GET POST /os-security-group-default-rules
GET DELETE /os-security-group-default-rules/:id
POST /os-security-group-rules
DELETE /os-security-group-rules/:id
GET POST /os-security-groups
GET PUT DELETE /os-security-groups/:id
POST /os-server-external-events
GET POST /os-server-groups
GET DELETE /os-server-groups/:id
GET /os-services
PUT DELETE /os-services/:id
GET /os-simple-tenant-usage
GET /os-simple-tenant-usage/:id
GET POST /os-snapshots
GET DELETE /os-snapshots/:id
GET /os-snapshots/detail
GET POST /os-tenant-networks
GET DELETE /os-tenant-networks/:id
GET POST /os-volumes
GET DELETE /os-volumes/:id
GET /os-volumes/detail
GET POST /os-volumes_boot
GET PUT DELETE /os-volumes_boot/:id
POST /os-volumes_boot/:id/action
GET /os-volumes_boot/detail
GET POST /servers
GET PUT DELETE /servers/:id
POST /servers/:id/action
GET POST /servers/:id/consoles
GET DELETE /servers/:id/consoles/:id
GET /servers/:id/diagnostics
GET /servers/:id/ips
GET /servers/:id/ips/:id
GET POST PUT /servers/:id/metadata
GET PUT DELETE /servers/:id/metadata/:id
GET /servers/:id/migrations
GET DELETE /servers/:id/migrations/:id
POST /servers/:id/migrations/:id/action
GET /servers/:id/os-instance-actions
GET /servers/:id/os-instance-actions/:id
GET POST /servers/:id/os-interface
GET DELETE /servers/:id/os-interface/:id
GET /servers/:id/os-security-groups
GET DELETE /servers/:id/os-server-password
GET /servers/:id/os-virtual-interfaces
GET POST /servers/:id/os-volume_attachments
GET PUT DELETE /servers/:id/os-volume_attachments/:id
POST /servers/:id/remote-consoles
GET PUT DELETE /servers/:id/tags
GET PUT DELETE /servers/:id/tags/:id
GET /servers/:id/topology
GET /servers/detail
GET /versions/:id
`

/** First keys of the bodies of its `POST …/action` routes, by path. */
export const publishedActions: Readonly<Record<string, readonly string[]>> = {
  '/flavors/:id/action': ['addTenantAccess', 'create', 'delete', 'removeTenantAccess', 'update'],
  '/os-aggregates/:id/action': ['add_host', 'remove_host', 'set_metadata'],
  '/os-baremetal-nodes/:id/action': ['add_interface', 'remove_interface'],
  '/os-fixed-ips/:id/action': ['reserve', 'unreserve'],
  '/os-networks/:id/action': ['associate_host', 'disassociate', 'disassociate_host', 'disassociate_project'],
  '/os-volumes_boot/:id/action': [
    'addFixedIp',
    'addFloatingIp',
    'addSecurityGroup',
    'changePassword',
    'confirmResize',
    'createBackup',
    'createImage',
    'evacuate',
    'forceDelete',
    'injectNetworkInfo',
    'lock',
    'migrate',
    'os-getConsoleOutput',
    'os-getRDPConsole',
    'os-getSPICEConsole',
    'os-getSerialConsole',
    'os-getVNCConsole',
    'os-migrateLive',
    'os-resetState',
    'os-start',
    'os-stop',
    'pause',
    'reboot',
    'rebuild',
    'removeFixedIp',
    'removeFloatingIp',
    'removeSecurityGroup',
    'rescue',
    'resetNetwork',
    'resize',
    'restore',
    'resume',
    'revertResize',
    'shelve',
    'shelveOffload',
    'suspend',
    'trigger_crash_dump',
    'unlock',
    'unpause',
    'unrescue',
    'unshelve',
  ],
  '/servers/:id/action': [
    'addFixedIp',
    'addFloatingIp',
    'addSecurityGroup',
    'changePassword',
    'confirmResize',
    'createBackup',
    'createImage',
    'evacuate',
    'forceDelete',
    'injectNetworkInfo',
    'lock',
    'migrate',
    'os-getConsoleOutput',
    'os-getRDPConsole',
    'os-getSPICEConsole',
    'os-getSerialConsole',
    'os-getVNCConsole',
    'os-migrateLive',
    'os-resetState',
    'os-start',
    'os-stop',
    'pause',
    'reboot',
    'rebuild',
    'removeFixedIp',
    'removeFloatingIp',
    'removeSecurityGroup',
    'rescue',
    'resetNetwork',
    'resize',
    'restore',
    'resume',
    'revertResize',
    'shelve',
    'shelveOffload',
    'suspend',
    'trigger_crash_dump',
    'unlock',
    'unpause',
    'unrescue',
    'unshelve',
  ],
  '/servers/:id/migrations/:id/action': ['force_complete'],
}
