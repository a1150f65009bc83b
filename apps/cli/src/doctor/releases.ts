/** A release of OpenStack, and the newest microversions that its Nova and Cinder serve. */
export interface OpenStackRelease {
  /** Releases with the same microversions cannot be told apart, and share a row. */
  readonly name: string
  readonly nova: string
  readonly cinder: string
}

const zed: OpenStackRelease = { name: 'Zed', nova: '2.93', cinder: '3.70' }

/**
 * Oldest first.
 * @see https://docs.openstack.org/nova/latest/reference/api-microversion-history.html
 * @see https://docs.openstack.org/cinder/latest/contributor/api_microversion_history.html
 */
export const releases: readonly OpenStackRelease[] = [
  zed,
  { name: '2023.1 or 2023.2', nova: '2.95', cinder: '3.70' },
  { name: '2024.1 or 2024.2', nova: '2.96', cinder: '3.71' },
  { name: '2025.1 or 2025.2', nova: '2.100', cinder: '3.71' },
  { name: '2026.1', nova: '2.103', cinder: '3.71' },
  { name: '2026.2 or later', nova: '2.104', cinder: '3.71' },
]

export const oldestKnownRelease = zed.name

/** Releases on whose real services this CPI was tested; which suites ran on which: docs/openstack-releases.md. */
export const testedReleases = ['Zed', '2025.1', '2026.2'] as const

/** What one release changes for an operator. The CPI itself can cope with all of it. */
export interface ReleaseChange {
  /** Of Nova, in the first release that is known for it. */
  readonly nova: string
  readonly found: string
  readonly why: string
  readonly remedy: string
}

export const releaseChanges: readonly ReleaseChange[] = [
  {
    nova: '2.100',
    found: 'Glance inspects what is uploaded (2025.1 and later)',
    why: 'A stemcell whose content is not in the format that its disk_format names is refused with 415.',
    remedy: 'Only stemcells made by hand need a look: set disk_format to the format of the image file.',
  },
  {
    nova: '2.100',
    found: 'Nova shows a deleted server as DELETED for about two seconds (2025.1 and later)',
    why: 'Scripts that expect 404 immediately after delete_vm fail.',
    remedy: 'Treat DELETED as gone in such scripts; the CPI does.',
  },
  {
    nova: '2.104',
    found: 'Neutron lets no project delete a port of a server (2026.2 and later)',
    why: 'The CPI releases such a port first. Earlier CPIs and scripts get 403, PolicyNotAuthorized.',
    remedy: 'In scripts, set device_id and device_owner of the port to empty before deleting it.',
  },
  {
    nova: '2.104',
    found: 'Glance refuses a raw image with a boot sector that has no partition (2026.2 and later)',
    why: 'create_stemcell fails with 415. Published stemcells have a partition.',
    remedy: 'Partition the disk of a stemcell made by hand.',
  },
]

/** From this release on, Nova, Neutron and Glance let only these roles change anything by default; Zed lets any role. */
export const defaultRoles = { nova: '2.100', roles: ['admin', 'manager', 'member'] } as const
