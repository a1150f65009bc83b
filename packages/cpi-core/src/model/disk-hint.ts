/** Where the agent finds an attached disk: a device path, or an object with any of these keys (contract §6.13). */
export type DiskHint =
  | string
  | {
      readonly path?: string
      readonly volume_id?: string
      readonly id?: string
      readonly lun?: string
      readonly host_device_id?: string
    }
