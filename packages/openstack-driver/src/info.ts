import type { CpiInfo } from '@openstack-cpi/cpi-core'

/** What `info` answers (driver spec §7.1). Its own entry point, so that answering loads no HTTP code. */
export const openStackCpiInfo: CpiInfo = {
  apiVersion: 3,
  stemcellFormats: ['openstack-raw', 'openstack-qcow2', 'openstack-light'],
}
